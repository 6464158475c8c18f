#include "caplat_merkle.h"


caplat_slice
caplat_merkle_leaf_text(caplat_slice entry, caplat_leaf_text *text)
{
    caplat_assert(entry.len == CAPLAT_ENTRY_LEN);

    text->bytes[0] = 0;
    memcpy(text->bytes + 1, entry.ptr, CAPLAT_ENTRY_LEN);

    return caplat_slice_of(text->bytes, sizeof(text->bytes));
}


void
caplat_merkle_leaf(caplat_sha256_pt sha256, caplat_slice entry,
    caplat_node *leaf)
{
    caplat_leaf_text  text;

    sha256(caplat_merkle_leaf_text(entry, &text), leaf->bytes);
}


/* What the hash of a node is the hash of. */
typedef struct {
    char    bytes[1 + 2 * CAPLAT_NODE_LEN];
} node_text;


static caplat_slice
text_of(const caplat_node *left, const caplat_node *right, node_text *text)
{
    text->bytes[0] = 1;
    memcpy(text->bytes + 1, left->bytes, CAPLAT_NODE_LEN);
    memcpy(text->bytes + 1 + CAPLAT_NODE_LEN, right->bytes, CAPLAT_NODE_LEN);

    return caplat_slice_of(text->bytes, sizeof(text->bytes));
}


void
caplat_merkle_node(caplat_sha256_pt sha256, const caplat_node *left,
    const caplat_node *right, caplat_node *node)
{
    node_text  text;

    sha256(text_of(left, right, &text), node->bytes);
}


/* Of a level that has been made: what was complete before is one of the
   frontier's. */
static const caplat_node *
node_of(const caplat_growing *growing, const caplat_frontier *frontier,
    size_t level, uint64_t number)
{
    uint64_t  first = growing->size >> level;

    return number < first ? &frontier->roots[level]
                          : &growing->nodes[growing->at[level]
                                            + (number - first)];
}


/* The hashes of a level, out of those of the one below. */
static void
grow_level(caplat_sha256_all_pt sha256_all, const caplat_frontier *frontier,
    size_t level, size_t count, caplat_growing *growing)
{
    uint64_t            first = growing->size >> level;
    node_text           texts[CAPLAT_TOGETHER];
    caplat_sha256_task  tasks[CAPLAT_TOGETHER];

    for (size_t i = 0; i < count; i++) {
        uint64_t  left = 2 * (first + i);

        tasks[i].text = text_of(node_of(growing, frontier, level - 1, left),
                                node_of(growing, frontier, level - 1,
                                        left + 1), &texts[i]);
        tasks[i].out = growing->nodes[growing->at[level] + i].bytes;
    }

    sha256_all(tasks, count);
}


void
caplat_merkle_grow(caplat_sha256_all_pt sha256_all,
    const caplat_frontier *frontier, const caplat_node *leaves, size_t count,
    caplat_growing *growing)
{
    uint64_t  size = frontier->size;
    size_t    n = count, at = count;

    caplat_assert(count <= CAPLAT_TOGETHER
                  && size <= CAPLAT_TREE_SIZE_MAX - count);

    growing->size = size;
    growing->at[0] = 0;
    memcpy(growing->nodes, leaves, count * sizeof(*leaves));

    for (size_t level = 1; level < 64; level++) {
        n = (size_t) (((size + count) >> level) - (size >> level));
        growing->at[level] = at;

        if (n != 0) {
            grow_level(sha256_all, frontier, level, n, growing);
            at += n;
        }
    }
}


size_t
caplat_merkle_append(const caplat_growing *growing, caplat_frontier *frontier,
    caplat_node full[static 64])
{
    uint64_t  index = frontier->size;
    size_t    level = 0;

    caplat_assert(index - growing->size < growing->at[1]);

    for (; index >> level & 1; level++) {
        full[level] = *node_of(growing, frontier, level + 1,
                               index >> (level + 1));
    }

    frontier->roots[level] = level == 0
                             ? *node_of(growing, frontier, 0, index)
                             : full[level - 1];
    frontier->size++;

    return level;
}


void
caplat_merkle_root(caplat_sha256_pt sha256, const caplat_frontier *frontier,
    caplat_node *root)
{
    bool  is_first = true;

    sha256(CAPLAT_LIT(""), root->bytes);

    for (size_t level = 0; level < 64; level++) {
        if (!(frontier->size >> level & 1)) {
            continue;
        }

        if (is_first) {
            *root = frontier->roots[level];
            is_first = false;

        } else {
            caplat_merkle_node(sha256, &frontier->roots[level], root, root);
        }
    }
}


/* What a walk over a tree's hashes carries along. */
typedef struct {
    caplat_sha256_pt      sha256;
    caplat_node_read_pt   fetch;
    void                 *data;
} hashes;


/* The level of the larger, left part of a tree of size leaves, size > 1. */
static unsigned
split_level(uint64_t size)
{
    unsigned  level = 0;

    while (UINT64_C(2) << level < size) {
        level++;
    }

    return level;
}


/*
 * The root of the leaves from..from + size, where from is a multiple of the
 * power of two that is not smaller than size: of complete subtrees, the largest
 * first.
 */
static bool
range_root(const hashes *h, uint64_t from, uint64_t size, caplat_node *root)
{
    caplat_node  part;
    bool         is_first = true;

    /* From the right, so that each step is one node. */
    for (unsigned level = 0; size != 0; level++) {
        if (!(size >> level & 1)) {
            continue;
        }

        size -= UINT64_C(1) << level;

        if (!h->fetch(h->data, level, (from + size) >> level, &part)) {
            return false;
        }

        if (is_first) {
            *root = part;
            is_first = false;

        } else {
            caplat_merkle_node(h->sha256, &part, root, root);
        }
    }

    return true;
}


static void
reverse(caplat_node *list, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        caplat_node  node = list[i];

        list[i] = list[count - 1 - i];
        list[count - 1 - i] = node;
    }
}


bool
caplat_merkle_path(caplat_sha256_pt sha256, uint64_t index, uint64_t size,
    caplat_node_read_pt read, void *data, caplat_node *path, size_t *count)
{
    hashes    h = { sha256, read, data };
    uint64_t  from = 0;
    size_t    n = 0;

    caplat_assert(index < size);

    /* From the root down; what is not on the way is the sibling. */
    while (size > 1) {
        uint64_t  left = UINT64_C(1) << split_level(size);

        caplat_assert(n < CAPLAT_PATH_LEN_MAX);

        if (index - from < left) {
            if (!range_root(&h, from + left, size - left, &path[n])) {
                return false;
            }

            size = left;

        } else {
            if (!range_root(&h, from, left, &path[n])) {
                return false;
            }

            from += left;
            size -= left;
        }

        n++;
    }

    reverse(path, n);
    *count = n;

    return true;
}


bool
caplat_merkle_path_holds(caplat_sha256_pt sha256, const caplat_node *leaf,
    uint64_t index, uint64_t size, const caplat_node *path, size_t count,
    const caplat_node *root)
{
    caplat_node  node = *leaf;
    uint64_t     last;

    if (index >= size) {
        return false;
    }

    /* RFC 9162, 2.1.3.2. */
    last = size - 1;

    for (size_t i = 0; i < count; i++) {
        if (last == 0) {
            return false;
        }

        if (index & 1 || index == last) {
            caplat_merkle_node(sha256, &path[i], &node, &node);

            while (!(index & 1) && index != 0) {
                index >>= 1;
                last >>= 1;
            }

        } else {
            caplat_merkle_node(sha256, &node, &path[i], &node);
        }

        index >>= 1;
        last >>= 1;
    }

    return last == 0 && memcmp(node.bytes, root->bytes, CAPLAT_NODE_LEN) == 0;
}


bool
caplat_merkle_consistency(caplat_sha256_pt sha256, uint64_t old, uint64_t size,
    caplat_node_read_pt read, void *data, caplat_node *proof, size_t *count)
{
    hashes    h = { sha256, read, data };
    uint64_t  from = 0;
    bool      is_prefix = true;
    size_t    n = 0;

    caplat_assert(old <= size);

    if (old == 0 || old == size) {
        *count = 0;
        return true;
    }

    /* RFC 6962, 2.1.2: down to the subtree that ends where the old tree does;
       is_prefix while that would be the old tree itself. */
    while (old - from != size) {
        uint64_t  left = UINT64_C(1) << split_level(size);

        if (old - from <= left) {
            if (!range_root(&h, from + left, size - left, &proof[n])) {
                return false;
            }

            size = left;

        } else {
            if (!range_root(&h, from, left, &proof[n])) {
                return false;
            }

            from += left;
            size -= left;
            is_prefix = false;
        }

        n++;
    }

    if (!is_prefix) {
        if (!range_root(&h, from, size, &proof[n])) {
            return false;
        }

        n++;
    }

    reverse(proof, n);
    *count = n;

    return true;
}


bool
caplat_merkle_consistent(caplat_sha256_pt sha256, uint64_t old,
    const caplat_node *old_root, uint64_t size, const caplat_node *root,
    const caplat_node *proof, size_t count)
{
    caplat_node  old_node, node;
    uint64_t     at, last;
    size_t       i = 0;

    if (old > size || old == 0) {
        return old == 0 && count == 0;
    }

    if (old == size) {
        return count == 0
            && memcmp(old_root->bytes, root->bytes, CAPLAT_NODE_LEN) == 0;
    }

    /* RFC 9162, 2.1.4.2. */
    at = old - 1;
    last = size - 1;

    while (at & 1) {
        at >>= 1;
        last >>= 1;
    }

    if (at == 0) {
        old_node = *old_root;

    } else if (count != 0) {
        old_node = proof[i++];

    } else {
        return false;
    }

    node = old_node;

    for (; i < count; i++) {
        if (last == 0) {
            return false;
        }

        if (at & 1 || at == last) {
            caplat_merkle_node(sha256, &proof[i], &old_node, &old_node);
            caplat_merkle_node(sha256, &proof[i], &node, &node);

            while (!(at & 1) && at != 0) {
                at >>= 1;
                last >>= 1;
            }

        } else {
            caplat_merkle_node(sha256, &node, &proof[i], &node);
        }

        at >>= 1;
        last >>= 1;
    }

    return last == 0
        && memcmp(old_node.bytes, old_root->bytes, CAPLAT_NODE_LEN) == 0
        && memcmp(node.bytes, root->bytes, CAPLAT_NODE_LEN) == 0;
}


bool
caplat_merkle_root_of(caplat_sha256_pt sha256, uint64_t size,
    caplat_node_read_pt read, void *data, caplat_node *root)
{
    hashes  h = { sha256, read, data };

    if (size == 0) {
        sha256(CAPLAT_LIT(""), root->bytes);
        return true;
    }

    return range_root(&h, 0, size, root);
}
