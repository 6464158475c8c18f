/*
 * The Merkle tree of an append-only log (RFC 6962, 2.1), and its tiles' hashes
 * (C2SP tlog-tiles).
 *
 *   leaf hash   SHA-256(00 || entry)
 *   node hash   SHA-256(01 || left || right)
 *   no leaves   SHA-256("")
 *
 * A tree of n leaves, n > 1, is a node of the first k and the rest, k being
 * the largest power of two that is smaller than n. SHA-256 is handed in.
 *
 * `level` 0 are leaf hashes; the hash (level, number) is the root of the
 * 2^level leaves that begin at number * 2^level, and stands for ever once these
 * are there.
 */

#ifndef CAPLAT_MERKLE_H
#define CAPLAT_MERKLE_H

#include "caplat_sha256.h"


#define CAPLAT_NODE_LEN        CAPLAT_SHA256_LEN    /* bytes of a hash */
#define CAPLAT_ENTRY_LEN       32       /* bytes of an entry: a commitment */
#define CAPLAT_TREE_SIZE_MAX   ((UINT64_C(1) << 53) - 1)
#define CAPLAT_PATH_LEN_MAX    64       /* hashes of any proof */
#define CAPLAT_TOGETHER        64       /* leaves that are added at once */


typedef struct {
    uint8_t    bytes[CAPLAT_NODE_LEN];
} caplat_node;


/*
 * What an append needs to know of a tree: its size, and for each bit that is
 * set in it the root of the complete subtree of 2^bit leaves.
 */
typedef struct {
    uint64_t      size;
    caplat_node   roots[64];
} caplat_frontier;


/* What a leaf hash is the hash of; the slice is of that text. */
typedef struct {
    char    bytes[1 + CAPLAT_ENTRY_LEN];
} caplat_leaf_text;

caplat_slice caplat_merkle_leaf_text(caplat_slice entry,
    caplat_leaf_text *text);

void caplat_merkle_leaf(caplat_sha256_pt sha256, caplat_slice entry,
    caplat_node *leaf);
void caplat_merkle_node(caplat_sha256_pt sha256, const caplat_node *left,
    const caplat_node *right, caplat_node *node);

/*
 * Leaves that a tree is to grow by, and the hashes that they complete: of level
 * l the first one is number size >> l, and stands at[l] of them.
 */
typedef struct {
    uint64_t      size;                 /* of the tree before */
    size_t        at[64];
    caplat_node   nodes[2 * CAPLAT_TOGETHER + 64];
} caplat_growing;

/*
 * All hashes that so many leaves complete, at most CAPLAT_TOGETHER. The tree
 * with them must not be larger than CAPLAT_TREE_SIZE_MAX.
 */
void caplat_merkle_grow(caplat_sha256_all_pt sha256_all,
    const caplat_frontier *frontier, const caplat_node *leaves, size_t count,
    caplat_growing *growing);

/*
 * The next one of these leaves.
 *
 * full  the hashes that the leaf has completed at levels 1, 2, 3...: the
 *       caller has room for 64; those of levels 8, 16, 24... are the next of
 *       tile level 1, 2, 3...
 *
 * Returns how many of them there are.
 */
size_t caplat_merkle_append(const caplat_growing *growing,
    caplat_frontier *frontier, caplat_node full[static 64]);

/* The root of all leaves. */
void caplat_merkle_root(caplat_sha256_pt sha256,
    const caplat_frontier *frontier, caplat_node *root);


/*
 * Reads the hash (level, number); false when that cannot be read. Only such are
 * asked for that lie whole in the tree.
 */
typedef bool (*caplat_node_read_pt)(void *data, unsigned level,
    uint64_t number, caplat_node *node);

/*
 * The audit path of leaf `index` in the tree of `size` leaves (RFC 6962,
 * 2.1.1), the leaf's sibling first. index < size.
 *
 * path   room for CAPLAT_PATH_LEN_MAX
 * count  of hashes in it
 *
 * False when a hash cannot be read.
 */
bool caplat_merkle_path(caplat_sha256_pt sha256, uint64_t index, uint64_t size,
    caplat_node_read_pt read, void *data, caplat_node *path, size_t *count);

/* Whether that is the path from the leaf to the root. */
bool caplat_merkle_path_holds(caplat_sha256_pt sha256, const caplat_node *leaf,
    uint64_t index, uint64_t size, const caplat_node *path, size_t count,
    const caplat_node *root);

/*
 * The proof that the tree of `size` leaves begins with the one of `old`
 * (RFC 6962, 2.1.2); none is needed where old is 0 or size. old <= size.
 */
bool caplat_merkle_consistency(caplat_sha256_pt sha256, uint64_t old,
    uint64_t size, caplat_node_read_pt read, void *data, caplat_node *proof,
    size_t *count);

bool caplat_merkle_consistent(caplat_sha256_pt sha256, uint64_t old,
    const caplat_node *old_root, uint64_t size, const caplat_node *root,
    const caplat_node *proof, size_t count);

/* The root of a smaller tree, of size leaves, out of hashes that are kept. */
bool caplat_merkle_root_of(caplat_sha256_pt sha256, uint64_t size,
    caplat_node_read_pt read, void *data, caplat_node *root);


#endif /* CAPLAT_MERKLE_H */
