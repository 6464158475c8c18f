#include "caplat_merkle.h"

#include "caplat_hash.h"

#include "log_example.h"


#define TREE_MAX    300                 /* leaves of the trees that are tried */
#define LEVELS      10
#define OUT_OF      (LEVELS * TREE_MAX)


/* All complete subtrees of a tree that grew by appends, as a log keeps them. */
typedef struct {
    caplat_node   nodes[LEVELS][TREE_MAX];
    uint64_t      size;
    uint64_t      denied;               /* level * TREE_MAX + number */
} kept;

static kept         tree;
static caplat_node  roots[TREE_MAX + 1];


/* Only what lies whole in the tree may be asked for. */
static bool
read_node(void *data, unsigned level, uint64_t number, caplat_node *node)
{
    const kept  *from = data;

    caplat_assert(level < LEVELS && (number + 1) << level <= from->size);

    if (level * TREE_MAX + number == from->denied) {
        return false;
    }

    *node = from->nodes[level][number];

    return true;
}


static caplat_node
leaf_of(uint8_t number)
{
    uint8_t       entry[CAPLAT_ENTRY_LEN] = { 0x5a, number };
    caplat_node   leaf;

    caplat_merkle_leaf(caplat_sha256, caplat_slice_of((const char *) entry,
                                                      sizeof(entry)), &leaf);

    return leaf;
}


/* One leaf more, kept as a log keeps it. */
static void
grow(caplat_frontier *frontier, const caplat_node *leaf)
{
    static caplat_growing  growing;

    caplat_node  full[64];
    uint64_t     at = frontier->size;
    size_t       count;

    caplat_merkle_grow(caplat_sha256_all, frontier, leaf, 1, &growing);
    count = caplat_merkle_append(&growing, frontier, full);

    tree.nodes[0][at] = *leaf;

    for (size_t level = 0; level < count; level++) {
        at >>= 1;
        tree.nodes[level + 1][at] = full[level];
    }

    tree.size = frontier->size;
    tree.denied = OUT_OF;
}


static void
test_example(void)
{
    caplat_frontier  frontier = { .size = 0 };
    caplat_node      want, root, path[CAPLAT_PATH_LEN_MAX];
    size_t           count;

    caplat_merkle_root(caplat_sha256, &frontier, &root);
    want = log_node("e3b0c44298fc1c149afbf4c8996fb924"
                    "27ae41e4649b934ca495991b7852b855");
    test_that(log_same(&root, &want), "no leaves");
    test_that(caplat_merkle_root_of(caplat_sha256, 0, read_node, &tree, &root)
              && log_same(&root, &want), "no leaves, out of what is kept");

    for (size_t i = 0; i < LOG_SIZE; i++) {
        caplat_node  leaf = log_node(log_leaves[i]);

        grow(&frontier, &leaf);
        caplat_merkle_root(caplat_sha256, &frontier, &root);
        want = log_node(log_roots[i]);
        test_that(log_same(&root, &want), log_roots[i]);
    }

    test_that(caplat_merkle_path(caplat_sha256, 2, LOG_SIZE, read_node, &tree,
                                 path, &count) && count == 3, "a path");
    want = log_node(log_leaves[3]);
    test_that(log_same(&path[0], &want), "the leaf's sibling comes first");
    want = log_node(log_roots[1]);
    test_that(log_same(&path[1], &want), "then what lies left of both");
    want = log_node(log_leaves[4]);
    test_that(log_same(&path[2], &want), "the root's child comes last");
}


/* From 3 to 5, as a witness is told. */
static void
test_example_consistency(void)
{
    const char *const  want[] = { log_leaves[2], log_leaves[3], log_roots[1],
                                  log_leaves[4] };
    caplat_node        proof[CAPLAT_PATH_LEN_MAX];
    size_t             count;

    if (!test_that(caplat_merkle_consistency(caplat_sha256, 3, LOG_SIZE,
                                             read_node, &tree, proof, &count)
                   && count == CAPLAT_COUNT(want), "from 3 to 5"))
    {
        return;
    }

    for (size_t i = 0; i < count; i++) {
        caplat_node  node = log_node(want[i]);

        test_that(log_same(&proof[i], &node), want[i]);
    }
}


/* The entry of the example, as a leaf. */
static void
test_leaf(void)
{
    uint8_t      entry[CAPLAT_ENTRY_LEN];
    size_t       len;
    caplat_node  leaf, want = log_node(log_leaves[2]);

    test_that(vectors_hex(CAPLAT_LIT(LOG_ENTRY), entry, sizeof(entry), &len),
              "the entry");
    caplat_merkle_leaf(caplat_sha256, caplat_slice_of((const char *) entry,
                                                      sizeof(entry)), &leaf);
    test_that(log_same(&leaf, &want), "its leaf");
}


static void
make_tree(void)
{
    caplat_frontier  frontier = { .size = 0 };

    caplat_merkle_root(caplat_sha256, &frontier, &roots[0]);

    for (size_t i = 0; i < TREE_MAX; i++) {
        caplat_node  leaf = leaf_of((uint8_t) (i % 251));

        grow(&frontier, &leaf);
        caplat_merkle_root(caplat_sha256, &frontier, &roots[i + 1]);
    }
}


static void
test_roots(void)
{
    unsigned  wrong = 0;

    for (uint64_t size = 0; size <= TREE_MAX; size++) {
        caplat_node  root;

        wrong += !caplat_merkle_root_of(caplat_sha256, size, read_node, &tree,
                                        &root)
                 || !log_same(&root, &roots[size]);
    }

    test_number(wrong, 0, "the root that grew is that of what is kept");
}


/* How many wrong things are taken for a path that holds. */
static unsigned
wrongly_held(uint64_t index, uint64_t size, caplat_node *path, size_t count)
{
    caplat_node  leaf = tree.nodes[0][index];
    caplat_node  root = roots[size];
    unsigned     wrong = 0;

    for (size_t i = 0; i < count; i++) {
        uint8_t  *byte = &path[i].bytes[(index + i) % CAPLAT_NODE_LEN];

        *byte ^= 0x10;
        wrong += caplat_merkle_path_holds(caplat_sha256, &leaf, index, size,
                                          path, count, &root);
        *byte ^= 0x10;
    }

    path[count] = root;
    wrong += caplat_merkle_path_holds(caplat_sha256, &leaf, index, size, path,
                                      count + 1, &root);

    if (count != 0) {
        wrong += caplat_merkle_path_holds(caplat_sha256, &leaf, index, size,
                                          path, count - 1, &root);
        wrong += caplat_merkle_path_holds(caplat_sha256, &leaf, index, size,
                                          path + 1, count - 1, &root);
    }

    leaf.bytes[size % CAPLAT_NODE_LEN] ^= 1;
    wrong += caplat_merkle_path_holds(caplat_sha256, &leaf, index, size, path,
                                      count, &root);
    leaf.bytes[size % CAPLAT_NODE_LEN] ^= 1;
    root.bytes[index % CAPLAT_NODE_LEN] ^= 1;
    wrong += caplat_merkle_path_holds(caplat_sha256, &leaf, index, size, path,
                                      count, &root);

    return wrong;
}


/*
 * Of another index or size the path is none: unless it has the same turns, a
 * root of its own belongs to each size, and a leaf of its own to each index.
 */
static unsigned
wrongly_placed(uint64_t index, uint64_t size, const caplat_node *path,
    size_t count)
{
    const uint64_t  others[] = { 0, 1, size / 2, size - 1, size, TREE_MAX - 1,
                                 UINT64_MAX };
    unsigned        wrong = 0;

    for (size_t i = 0; i < CAPLAT_COUNT(others); i++) {
        wrong += others[i] != index
                 && caplat_merkle_path_holds(caplat_sha256,
                        &tree.nodes[0][index], others[i], size, path, count,
                        &roots[size]);
        wrong += others[i] < TREE_MAX && others[i] + 1 != size
                 && caplat_merkle_path_holds(caplat_sha256,
                        &tree.nodes[0][index], index, others[i] + 1, path,
                        count, &roots[others[i] + 1]);
    }

    return wrong;
}


static void
test_paths(void)
{
    caplat_node  path[CAPLAT_PATH_LEN_MAX + 1];
    unsigned     missing = 0, wrong = 0;
    size_t       count;

    for (uint64_t size = 1; size <= TREE_MAX; size++) {
        for (uint64_t index = 0; index < size; index++) {
            tree.size = size;

            if (!caplat_merkle_path(caplat_sha256, index, size, read_node,
                                    &tree, path, &count)
                || !caplat_merkle_path_holds(caplat_sha256,
                                             &tree.nodes[0][index], index,
                                             size, path, count, &roots[size]))
            {
                missing++;
            }

            /* Every size near a power of two, and some of the others. */
            if ((size & (size - 1)) == 0 || (size & (size + 1)) == 0
                || size % 37 == 0 || size < 20)
            {
                wrong += wrongly_held(index, size, path, count);
                wrong += wrongly_placed(index, size, path, count);
            }
        }
    }

    tree.size = TREE_MAX;
    test_number(missing, 0, "each leaf of each tree has its path");
    test_number(wrong, 0, "and no other is one");
}


static unsigned
wrongly_consistent(uint64_t old, uint64_t size, caplat_node *proof,
    size_t count)
{
    caplat_node  old_root = roots[old], root = roots[size];
    unsigned     wrong = 0;

#define HOLDS(n)                                                              \
    caplat_merkle_consistent(caplat_sha256, old, &old_root, size, &root,      \
                             proof, (n))

    for (size_t i = 0; i < count; i++) {
        proof[i].bytes[(old + i) % CAPLAT_NODE_LEN] ^= 4;
        wrong += HOLDS(count);
        proof[i].bytes[(old + i) % CAPLAT_NODE_LEN] ^= 4;
    }

    proof[count] = root;
    wrong += HOLDS(count + 1);
    wrong += count != 0 && HOLDS(count - 1);
    root.bytes[old % CAPLAT_NODE_LEN] ^= 1;
    wrong += HOLDS(count);
    root.bytes[old % CAPLAT_NODE_LEN] ^= 1;
    old_root.bytes[size % CAPLAT_NODE_LEN] ^= 1;
    wrong += HOLDS(count);

#undef HOLDS

    wrong += old > 1 && old <= TREE_MAX
             && caplat_merkle_consistent(caplat_sha256, old - 1, &roots[old],
                                         size, &roots[size], proof, count);
    wrong += size < TREE_MAX
             && caplat_merkle_consistent(caplat_sha256, old, &roots[old],
                                         size + 1, &roots[size + 1], proof,
                                         count);

    return wrong;
}


static void
test_consistency(void)
{
    caplat_node  proof[CAPLAT_PATH_LEN_MAX + 1];
    unsigned     missing = 0, wrong = 0;
    size_t       count;

    for (uint64_t size = 1; size <= TREE_MAX; size++) {
        tree.size = size;

        for (uint64_t old = 0; old <= size; old++) {
            if (!caplat_merkle_consistency(caplat_sha256, old, size,
                                           read_node, &tree, proof, &count)
                || !caplat_merkle_consistent(caplat_sha256, old, &roots[old],
                                             size, &roots[size], proof,
                                             count)
                || ((old == 0 || old == size) && count != 0))
            {
                missing++;
            }

            if (old != 0 && (size < 40 || size % 29 == 0)) {
                wrong += wrongly_consistent(old, size, proof, count);
            }
        }
    }

    tree.size = TREE_MAX;
    test_number(missing, 0, "each tree begins with each before it");
    test_number(wrong, 0, "and no other proof shows it");
    test_that(!caplat_merkle_consistent(caplat_sha256, 5, &roots[5], 4,
                                        &roots[4], proof, 0),
              "a tree does not shrink");
    test_that(!caplat_merkle_consistent(caplat_sha256, 0, &roots[0], 4,
                                        &roots[4], proof, 1),
              "nothing needs no proof");
}


/* A hash that cannot be read is told, not guessed. */
static void
test_unread(void)
{
    caplat_node  path[CAPLAT_PATH_LEN_MAX], root;
    size_t       count = 99;

    tree.denied = 3 * TREE_MAX;         /* the first eight */
    test_that(!caplat_merkle_path(caplat_sha256, 9, 13, read_node, &tree,
                                  path, &count) && count == 99, "of a path");
    test_that(!caplat_merkle_consistency(caplat_sha256, 11, 13, read_node,
                                         &tree, path, &count) && count == 99,
              "of a proof");
    test_that(!caplat_merkle_root_of(caplat_sha256, 13, read_node, &tree,
                                     &root), "of a root");
    tree.denied = OUT_OF;
}


/* A tree as large as one can be, and the last leaf of it. */
/* However many leaves come at once, wherever the tree stands: what one by one
   makes. */
static void
test_together(void)
{
    static const size_t    counts[] = { 1, 2, 3, 5, 8, 17, 63, 64, 64, 37 };
    static caplat_growing  growing, single;

    caplat_frontier  many = { .size = 0 }, one = { .size = 0 };

    for (size_t i = 0; i < CAPLAT_COUNT(counts) * 20; i++) {
        caplat_node  leaves[CAPLAT_TOGETHER];
        size_t       count = counts[i % CAPLAT_COUNT(counts)];
        bool         are_same = true;

        for (size_t j = 0; j < count; j++) {
            leaves[j] = leaf_of((uint8_t) (many.size + j));
        }

        caplat_merkle_grow(caplat_sha256_all, &many, leaves, count, &growing);

        for (size_t j = 0; j < count; j++) {
            caplat_node  full[64], want[64];
            size_t       n = caplat_merkle_append(&growing, &many, full);

            caplat_merkle_grow(caplat_sha256_all, &one, &leaves[j], 1,
                &single);
            are_same = are_same
                       && caplat_merkle_append(&single, &one, want) == n
                       && memcmp(full, want, n * sizeof(*full)) == 0;
        }

        test_that(are_same && many.size == one.size, "the hashes");

        for (size_t level = 0; level < 64; level++) {
            if (many.size >> level & 1) {
                test_that(log_same(&many.roots[level], &one.roots[level]),
                          "a root of the frontier");
            }
        }
    }
}


static void
test_largest(void)
{
    static caplat_frontier  frontier;
    static caplat_growing   growing;

    caplat_node  full[64], leaf = leaf_of(1), root;

    frontier.size = CAPLAT_TREE_SIZE_MAX - 1;
    caplat_merkle_grow(caplat_sha256_all, &frontier, &leaf, 1, &growing);
    test_number(caplat_merkle_append(&growing, &frontier, full), 0,
                "an even one completes nothing");
    caplat_merkle_root(caplat_sha256, &frontier, &root);
    test_that(!caplat_merkle_path_holds(caplat_sha256, &leaf, UINT64_MAX - 1,
                                        UINT64_MAX, full, 0, &root),
              "a place that no tree has");
}


int
main(void)
{
    test_that(caplat_trust_open(), "the libraries start");

    test_leaf();
    test_example();
    test_example_consistency();
    make_tree();
    test_roots();
    test_paths();
    test_consistency();
    test_unread();
    test_together();
    test_largest();

    return test_done();
}
