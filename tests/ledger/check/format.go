// Formats that x/mod does not know: commitments, receipts (c2sp.org/tlog-proof)
// and entry bundles (c2sp.org/tlog-tiles), and the lines of the log.

package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	saltSize  = 32
	entrySize = sha256.Size
	lineMax   = 1 << 20
)

var emptyRoot = tlog.Hash(sha256.Sum256(nil))

// What the tree holds of a record.
func commitment(salt, record []byte) []byte {
	hash := sha256.New()

	hash.Write([]byte("order-commitment/v1\n"))
	hash.Write(salt)
	hash.Write(record)

	return hash.Sum(nil)
}

type receipt struct {
	salt, record []byte
	index        int64
	path         tlog.RecordProof
	checkpoint   []byte
}

func parseReceipt(text []byte) (*receipt, error) {
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")

	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "extra ") ||
		!strings.HasPrefix(lines[2], "index ") {
		return nil, errors.New("no receipt with its record in it")
	}

	extra, err := decode(lines[1][len("extra "):])
	if err != nil || len(extra) < saltSize {
		return nil, fmt.Errorf("extra: %v", err)
	}

	index, err := strconv.ParseInt(lines[2][len("index "):], 10, 64)
	if err != nil {
		return nil, err
	}

	out := &receipt{salt: extra[:saltSize], record: extra[saltSize:],
		index: index, checkpoint: []byte(checkpoint)}

	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}

		out.path = append(out.path, hash)
	}

	return out, nil
}

// ReadEntries checks that the bundles hold what the leaves are hashes of.
func (log *treeLog) readEntries() (int, error) {
	bundles := 0

	for _, tile := range log.allTiles() {
		if tile.L != 0 {
			continue
		}

		name := strings.Replace(log.tilePath(tile), "/tile/0/",
			"/tile/entries/", 1)
		data, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}

		for i := 0; i < tile.W; i++ {
			if len(data) < 2+entrySize ||
				binary.BigEndian.Uint16(data) != entrySize {
				return 0, fmt.Errorf("%s: entry %d", name, i)
			}

			n := tile.N<<tileHeight + int64(i)

			if tlog.RecordHash(data[2:2+entrySize]) != log.leaf(n) {
				return 0, fmt.Errorf("%s: entry %d is of another leaf", name,
					n)
			}

			data = data[2+entrySize:]
		}

		if len(data) != 0 {
			return 0, fmt.Errorf("%s is too long", name)
		}

		bundles++
	}

	return bundles, nil
}

// ReadLines checks each record and each signed batch of the log itself.
func (log *treeLog) readLines() (int, error) {
	names, err := filepath.Glob(filepath.Join(log.folder, "log", "*.ndjson"))
	if err != nil {
		return 0, err
	}

	sort.Strings(names)

	var n int64
	var batches int

	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			return 0, err
		}

		lines := bufio.NewScanner(file)
		lines.Buffer(nil, lineMax)

		for lines.Scan() {
			if err := log.readLine(lines.Bytes(), &n, &batches); err != nil {
				file.Close()
				return 0, fmt.Errorf("%s: record %d: %w", name, n, err)
			}
		}

		file.Close()

		if lines.Err() != nil {
			return 0, lines.Err()
		}
	}

	if len(names) > 0 && n != log.tree.N {
		return 0, fmt.Errorf("%d lines of %d records", n, log.tree.N)
	}

	return batches, nil
}

func (log *treeLog) readLine(line []byte, n *int64, batches *int) error {
	var said struct {
		Checkpoint string
		I          *int64
		Salt       string
	}

	if err := json.Unmarshal(line, &said); err != nil {
		return err
	}

	if bytes.HasPrefix(line, []byte(`{"checkpoint":`)) {
		tree, err := log.openCheckpoint([]byte(said.Checkpoint))
		if err != nil {
			return err
		}

		if tree.N != *n {
			return fmt.Errorf("a checkpoint of %d", tree.N)
		}

		*batches++

		return log.checkTree(tree)
	}

	salt, err := base64.RawURLEncoding.Strict().DecodeString(said.Salt)
	if err != nil || said.I == nil || *said.I != *n || *n >= log.tree.N {
		return fmt.Errorf("its number or salt: %s", line)
	}

	if tlog.RecordHash(commitment(salt, line)) != log.leaf(*n) {
		return errors.New("its line is not the published leaf's")
	}

	*n++

	return nil
}
