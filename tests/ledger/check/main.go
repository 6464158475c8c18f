// Ledger-check reads what a log publishes, its receipts and its own lines, and
// checks each with the Go team's sumdb code: notes by x/mod/sumdb/note, hashes
// and proofs by x/mod/sumdb/tlog.
//
//	ledger-check FOLDER
//
// FOLDER holds vkey, checkpoint, tile/ as a client fetches them; and, where
// they are there, receipts/*.tlog-proof and log/*.ndjson. It prints what it has
// checked, or the first fault, and ends with 1.
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func check(folder string) (string, error) {
	log, err := openLog(folder)
	if err != nil {
		return "", err
	}

	if err := log.readTiles(); err != nil {
		return "", err
	}

	bundles, err := log.readEntries()
	if err != nil {
		return "", err
	}

	receipts, err := log.readReceipts()
	if err != nil {
		return "", err
	}

	batches, err := log.readLines()
	if err != nil {
		return "", err
	}

	return fmt.Sprintf("%d records, %d tiles, %d entry bundles, %d receipts, "+
		"%d signed batches", log.tree.N, log.tiles, bundles, receipts,
		batches), nil
}

// A treeLog is a log whose checkpoint has been verified.
type treeLog struct {
	folder   string
	verifier note.Verifier
	tree     tlog.Tree
	hashes   []tlog.Hash // as tlog stores them; of all leaves
	tiles    int
}

func openLog(folder string) (*treeLog, error) {
	vkey, err := os.ReadFile(filepath.Join(folder, "vkey"))
	if err != nil {
		return nil, err
	}

	verifier, err := note.NewVerifier(string(bytes.TrimSpace(vkey)))
	if err != nil {
		return nil, fmt.Errorf("vkey: %w", err)
	}

	log := &treeLog{folder: folder, verifier: verifier}

	text, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return nil, err
	}

	if log.tree, err = log.openCheckpoint(text); err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}

	return log, nil
}

// OpenCheckpoint verifies a signed note; c2sp.org/tlog-checkpoint is its text.
func (log *treeLog) openCheckpoint(text []byte) (tlog.Tree, error) {
	signed, err := note.Open(text, note.VerifierList(log.verifier))
	if err != nil {
		return tlog.Tree{}, err
	}

	var origin, root string
	var tree tlog.Tree

	if n, err := fmt.Sscanf(signed.Text, "%s\n%d\n%s\n", &origin, &tree.N,
		&root); n != 3 || err != nil {
		return tlog.Tree{}, fmt.Errorf("no checkpoint: %q", signed.Text)
	}

	if tree.Hash, err = tlog.ParseHash(root); err != nil {
		return tlog.Tree{}, err
	}

	// One spelling only, and no extension lines.
	if signed.Text != fmt.Sprintf("%s\n%d\n%v\n", log.verifier.Name(), tree.N,
		tree.Hash) {
		return tlog.Tree{}, fmt.Errorf("another spelling: %q", signed.Text)
	}

	return tree, nil
}

// ReadHashes makes a log a tlog.HashReader of hashes that were computed here.
func (log *treeLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, 0, len(indexes))

	for _, i := range indexes {
		if i >= int64(len(log.hashes)) {
			return nil, fmt.Errorf("hash %d of %d", i, len(log.hashes))
		}

		out = append(out, log.hashes[i])
	}

	return out, nil
}

// The empty tree's root is SHA-256 of nothing; x/mod before 0.8 says zeroes.
func (log *treeLog) root(size int64) (tlog.Hash, error) {
	if size == 0 {
		return emptyRoot, nil
	}

	return tlog.TreeHash(size, log)
}

// A tile of ours is below tile/ without its height, which is always eight.
func (log *treeLog) tilePath(t tlog.Tile) string {
	const prefix = "tile/8/"

	return filepath.Join(log.folder, "tile", t.Path()[len(prefix):])
}

// AllTiles is what a client needs of a tree: NewTiles lists each width that a
// tile had on its way, narrow ones first.
func (log *treeLog) allTiles() []tlog.Tile {
	var all []tlog.Tile

	for _, tile := range tlog.NewTiles(tileHeight, 0, log.tree.N) {
		last := len(all) - 1

		if last >= 0 && all[last].L == tile.L && all[last].N == tile.N {
			all[last] = tile
		} else {
			all = append(all, tile)
		}
	}

	return all
}

// ReadTiles takes the leaves from the tiles of level 0, and then computes every
// byte of every tile anew: x/mod's own tile reader leaves some unchecked.
func (log *treeLog) readTiles() error {
	all := log.allTiles()

	for _, tile := range all {
		if tile.L != 0 {
			continue
		}

		data, err := os.ReadFile(log.tilePath(tile))
		if err != nil {
			return err
		}

		if len(data) != tile.W*tlog.HashSize {
			return fmt.Errorf("%s: %d bytes", tile.Path(), len(data))
		}

		for i := 0; i < tile.W; i++ {
			var leaf tlog.Hash

			copy(leaf[:], data[i*tlog.HashSize:])

			if err := log.add(tile.N<<tileHeight+int64(i), leaf); err != nil {
				return err
			}
		}
	}

	root, err := log.root(log.tree.N)
	if err != nil {
		return err
	}

	if root != log.tree.Hash {
		return fmt.Errorf("tiles have the root %v, the checkpoint %v", root,
			log.tree.Hash)
	}

	for _, tile := range all {
		wanted, err := tlog.ReadTileData(tile, log)
		if err != nil {
			return err
		}

		data, err := os.ReadFile(log.tilePath(tile))
		if err != nil {
			return err
		}

		if !bytes.Equal(data, wanted) {
			return fmt.Errorf("%s is not what its leaves make",
				log.tilePath(tile))
		}

		log.tiles++
	}

	return nil
}

func (log *treeLog) add(n int64, leaf tlog.Hash) error {
	more, err := tlog.StoredHashesForRecordHash(n, leaf, log)
	if err != nil {
		return err
	}

	log.hashes = append(log.hashes, more...)

	return nil
}

func (log *treeLog) leaf(n int64) tlog.Hash {
	return log.hashes[tlog.StoredHashIndex(0, n)]
}

// ReadReceipts checks each receipt twice: as it stands, and against the proof
// that tlog makes for its tree's size.
func (log *treeLog) readReceipts() (int, error) {
	names, err := filepath.Glob(filepath.Join(log.folder, "receipts",
		"*.tlog-proof"))
	if err != nil {
		return 0, err
	}

	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}

		if err := log.checkReceipt(text); err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
	}

	return len(names), nil
}

func (log *treeLog) checkReceipt(text []byte) error {
	got, err := parseReceipt(text)
	if err != nil {
		return err
	}

	tree, err := log.openCheckpoint(got.checkpoint)
	if err != nil {
		return err
	}

	if got.index >= tree.N || tree.N > log.tree.N {
		return fmt.Errorf("record %d of %d, in a log of %d", got.index, tree.N,
			log.tree.N)
	}

	leaf := tlog.RecordHash(commitment(got.salt, got.record))

	if err := tlog.CheckRecord(got.path, tree.N, tree.Hash, got.index,
		leaf); err != nil {
		return err
	}

	if leaf != log.leaf(got.index) {
		return fmt.Errorf("its leaf is not the published one")
	}

	own, err := tlog.ProveRecord(tree.N, got.index, log)
	if err != nil {
		return err
	}

	if len(own) != len(got.path) {
		return fmt.Errorf("%d hashes instead of %d", len(got.path), len(own))
	}

	// The same proof with any one bit of it changed holds no more.
	for i := range own {
		if own[i] != got.path[i] {
			return fmt.Errorf("hash %d of its path is another", i)
		}

		got.path[i][i%tlog.HashSize] ^= 1

		if tlog.CheckRecord(got.path, tree.N, tree.Hash, got.index,
			leaf) == nil {
			return errors.New("x/mod takes any proof")
		}

		got.path[i][i%tlog.HashSize] ^= 1
	}

	return log.checkTree(tree)
}

// CheckTree: this smaller tree is a beginning of the published one.
func (log *treeLog) checkTree(tree tlog.Tree) error {
	if tree.N == 0 {
		if tree.Hash != emptyRoot {
			return errors.New("another root of nothing")
		}

		return nil
	}

	proof, err := tlog.ProveTree(log.tree.N, tree.N, log)
	if err != nil {
		return err
	}

	return tlog.CheckTree(proof, log.tree.N, log.tree.Hash, tree.N, tree.Hash)
}

func decode(text string) ([]byte, error) {
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, err
	}

	return bytes, nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ledger-check FOLDER")
		os.Exit(2)
	}

	said, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "ledger-check:", err)
		os.Exit(1)
	}

	fmt.Println(said)
}
