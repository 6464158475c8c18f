#include "caplat_cmd_ledger.h"

#include "caplat_cmd_csv.h"
#include "caplat_hash.h"
#include "caplat_io.h"
#include "caplat_level.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>


static const char  export_help[] =
    "caplat log export --ledger DIR --vkey VKEY|FILE [--format csv|ndjson]\n"
    "                  [--from N] [--to N] [--type TYPE] [--json]\n"
    "\n"
    "Print records: ndjson as they stand in the log (the default), csv\n"
    "without what is sealed. All of the log is verified on the way.\n"
    "\n"
    "  --from N, --to N   indices of records, both included\n"
    "  --type TYPE        order.created, platforms.opened, ...\n"
    "  --json             the same as --format ndjson\n";

static const char  show_help[] =
    "caplat log show ORDER --ledger DIR --vkey VKEY|FILE [--json]\n"
    "\n"
    "Print all records of an order, as they stand in the log: a line of JSON\n"
    "each, with --json too.\n";

static const char  prove_help[] =
    "caplat log prove ORDER --ledger DIR --vkey VKEY|FILE [--json]\n"
    "\n"
    "Print the receipt of an order, which `caplat receipt verify` checks\n"
    "without the log: ORDER.tlog-proof.\n"
    "\n"
    "  --json   print it as the string \"receipt\", beside \"order\",\n"
    "           \"index\" and \"size\"\n";


typedef struct {
    bool           is_csv;
    uint64_t       from;
    uint64_t       to;
    caplat_event   type;                /* NONE: all */
} selection;


static void
print_slice(caplat_slice text)
{
    (void) fwrite(text.ptr, 1, text.len, stdout);
}


static void
print_field(caplat_slice text)
{
    (void) putchar(',');
    caplat_cmd_csv(text);
}


static void
print_ids(caplat_slice list)
{
    caplat_cursor  c = caplat_cursor_of(list);
    caplat_slice   id;
    bool           is_first = true;

    (void) putchar(',');

    while (caplat_record_next_id(&c, &id)) {
        (void) fputs(is_first ? "" : " ", stdout);
        print_slice(id);
        is_first = false;
    }
}


static void
print_csv(const caplat_record *record)
{
    char           room[64];
    caplat_writer  w = caplat_writer_of(room, sizeof(room));

    caplat_cmd_time(&w, record->time_ms);
    (void) printf("%llu,", (unsigned long long) record->index);
    print_slice(caplat_written(&w));
    (void) putchar(',');
    print_slice(caplat_event_name(record->type));
    print_field(record->order);
    print_field(record->org);
    print_field(record->ca);
    print_field(record->cert);
    print_ids(record->add);

    if (record->type == CAPLAT_EVENT_ORDER_CREATED) {
        (void) printf(",%lld", (long long) record->amount_fen);

    } else {
        (void) putchar(',');
    }

    print_field(record->invoice);
    print_field(record->channel);
    (void) fputs("\r\n", stdout);
}


static bool
export(void *data, const caplat_record *record, caplat_slice line)
{
    const selection  *s = data;

    if (record->index < s->from || record->index > s->to
        || (s->type != CAPLAT_EVENT_NONE && record->type != s->type))
    {
        return true;
    }

    if (s->is_csv) {
        print_csv(record);

    } else {
        print_slice(line);
        (void) putchar('\n');
    }

    return true;
}


/* False has been told. */
static bool
read_selection(const caplat_cmd *cmd, selection *s)
{
    const char  *format = caplat_cmd_value(cmd, "format");
    const char  *type = caplat_cmd_value(cmd, "type");
    int64_t      from = 0, to = (int64_t) CAPLAT_TREE_SIZE_MAX;

    if (!caplat_cmd_number(cmd, "from", 0, CAPLAT_TREE_SIZE_MAX, &from)
        || !caplat_cmd_number(cmd, "to", 0, CAPLAT_TREE_SIZE_MAX, &to))
    {
        return false;
    }

    *s = (selection) { false, (uint64_t) from, (uint64_t) to,
                       CAPLAT_EVENT_NONE };

    if (format != NULL) {
        s->is_csv = strcmp(format, "csv") == 0;

        if (s->is_csv && caplat_cmd_value(cmd, "json") != NULL) {
            (void) caplat_cmd_misuse(cmd, "format", format,
                                     "with --json it is ndjson");
            return false;
        }

        if (!s->is_csv && strcmp(format, "ndjson") != 0) {
            (void) caplat_cmd_misuse(cmd, "format", format, "csv or ndjson");
            return false;
        }
    }

    if (type != NULL) {
        s->type = caplat_event_find(caplat_cmd_slice(type));

        if (s->type == CAPLAT_EVENT_NONE) {
            (void) caplat_cmd_misuse(cmd, "type", type,
                                     "a record's type, as order.created");
            return false;
        }
    }

    return true;
}


int
caplat_cmd_log_export(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        CAPLAT_CMD_LEDGER, { .name = "format" }, { .name = "from" },
        { .name = "to" }, { .name = "type" },
        { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "log export", .help = export_help, .options = options,
        .option_count = CAPLAT_COUNT(options)
    };
    selection          s;
    caplat_audit       audit;
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!read_selection(&cmd, &s)) {
        return CAPLAT_CMD_USAGE;
    }

    if (s.is_csv) {
        (void) fputs("index,time,type,order,enterprise,ca,certificate,"
                     "platforms,amount_fen,invoice,channel\r\n", stdout);
    }

    return caplat_cmd_audit(&cmd, export, &s, &audit)
           ? CAPLAT_CMD_DONE : CAPLAT_CMD_REFUSED;
}


/* An order that is looked for, and what of it is wanted. */
typedef struct {
    caplat_slice   order;
    bool           is_printed;          /* each line */
    uint64_t       count;
    uint64_t       index;               /* of order.created */
    caplat_slice   line;                /* malloc'ed */
    uint8_t        salt[CAPLAT_SALT_LEN];
} search;


static bool
look(void *data, const caplat_record *record, caplat_slice line)
{
    search  *s = data;
    char    *copy;

    if (!caplat_slice_eq(record->order, s->order)) {
        return true;
    }

    s->count++;

    if (s->is_printed) {
        print_slice(line);
        (void) putchar('\n');
        return true;
    }

    if (record->type != CAPLAT_EVENT_ORDER_CREATED || s->line.len != 0) {
        return true;
    }

    copy = malloc(line.len);

    if (copy == NULL) {
        return false;
    }

    memcpy(copy, line.ptr, line.len);
    s->line = caplat_slice_of(copy, line.len);
    s->index = record->index;
    memcpy(s->salt, record->salt, sizeof(s->salt));

    return true;
}


/* False has been told. */
static bool
find(const caplat_cmd *cmd, search *s, caplat_audit *audit)
{
    s->order = caplat_cmd_slice(cmd->words[0]);

    if (!caplat_cmd_audit(cmd, look, s, audit)) {
        return false;
    }

    if (s->count == 0) {
        (void) caplat_cmd_refuse(cmd->words[0], "the log has no such order");
    }

    return s->count != 0;
}


int
caplat_cmd_log_show(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        CAPLAT_CMD_LEDGER, { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "log show", .help = show_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .word = "ORDER",
        .words_min = 1, .words_max = 1
    };
    search             s = { .is_printed = true };
    caplat_audit       audit;
    int                status;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    return find(&cmd, &s, &audit) ? CAPLAT_CMD_DONE : CAPLAT_CMD_REFUSED;
}


/* The newest published checkpoint: what others have too. False has been
   told. */
static bool
read_checkpoint(const caplat_cmd *cmd, caplat_slice *text,
    caplat_checkpoint *checkpoint)
{
    char              path[CAPLAT_PATH_MAX];
    caplat_verifier   verifier;
    const char       *why;

    if (!caplat_cmd_vkey(caplat_cmd_value(cmd, "vkey"), &verifier)
        || !caplat_io_path(path, caplat_cmd_value(cmd, "ledger"),
                           "checkpoint")
        || !caplat_cmd_file(path, CAPLAT_NOTE_LEN_MAX, text))
    {
        return false;
    }

    if (!caplat_checkpoint_read(*text, &verifier, checkpoint, &why)) {
        (void) caplat_cmd_refuse(path, why);
        free((void *) (uintptr_t) text->ptr);
        return false;
    }

    return true;
}


/* The receipt as a string, with what of it one may want without reading it. */
static bool
print_proof_json(const search *s, const caplat_checkpoint *checkpoint,
    caplat_slice receipt)
{
    size_t         room = 2 * receipt.len + 256;
    char          *text = malloc(room);
    caplat_writer  w = caplat_writer_of(text, text != NULL ? room : 0);

    caplat_put(&w, CAPLAT_LIT("{\"order\":"));
    caplat_put_string(&w, s->order);
    caplat_put(&w, CAPLAT_LIT(",\"index\":"));
    caplat_put_number(&w, s->index);
    caplat_put(&w, CAPLAT_LIT(",\"size\":"));
    caplat_put_number(&w, checkpoint->size);
    caplat_put(&w, CAPLAT_LIT(",\"receipt\":"));
    caplat_put_string(&w, receipt);
    caplat_put(&w, CAPLAT_LIT("}\n"));

    if (!w.full) {
        print_slice(caplat_written(&w));
    }

    free(text);

    return !w.full;
}


static bool
prove(const caplat_cmd *cmd, const search *s, caplat_slice note,
    const caplat_checkpoint *checkpoint)
{
    char           tile[CAPLAT_PATH_MAX];
    caplat_levels  levels;
    caplat_node    path[CAPLAT_PATH_LEN_MAX];
    size_t         count, room = 2 * s->line.len + 8192;
    char          *text = malloc(room);
    caplat_writer  w = caplat_writer_of(text, text != NULL ? room : 0);
    bool           is_proved;

    if (!caplat_io_path(tile, caplat_cmd_value(cmd, "ledger"), "tile")
        || !caplat_levels_open(tile, false, &levels))
    {
        free(text);
        return false;
    }

    is_proved = s->index < checkpoint->size
        && caplat_merkle_path(caplat_sha256, s->index, checkpoint->size,
                              caplat_levels_read, &levels, path, &count);
    caplat_levels_close(&levels);

    if (is_proved) {
        caplat_receipt_write(&w, s->salt, s->line, s->index, path, count,
            note);
        is_proved = !w.full;
    }

    if (is_proved && caplat_cmd_value(cmd, "json") != NULL) {
        is_proved = print_proof_json(s, checkpoint, caplat_written(&w));

    } else if (is_proved) {
        print_slice(caplat_written(&w));
    }

    free(text);

    return is_proved;
}


int
caplat_cmd_log_prove(int argc, char **argv)
{
    caplat_cmd_option  options[] = {
        CAPLAT_CMD_LEDGER, { .name = "json", .is_flag = true }
    };
    caplat_cmd         cmd = {
        .name = "log prove", .help = prove_help, .options = options,
        .option_count = CAPLAT_COUNT(options), .word = "ORDER",
        .words_min = 1, .words_max = 1
    };
    search             s = { .is_printed = false };
    caplat_audit       audit;
    caplat_slice       note;
    caplat_checkpoint  checkpoint;
    int                status;
    bool               is_proved;

    if (!caplat_cmd_read(&cmd, argc, argv, &status)) {
        return status;
    }

    if (!read_checkpoint(&cmd, &note, &checkpoint)) {
        return CAPLAT_CMD_REFUSED;
    }

    if (!find(&cmd, &s, &audit)) {
        free((void *) (uintptr_t) note.ptr);
        free((void *) (uintptr_t) s.line.ptr);
        return CAPLAT_CMD_REFUSED;
    }

    is_proved = prove(&cmd, &s, note, &checkpoint);
    free((void *) (uintptr_t) note.ptr);
    free((void *) (uintptr_t) s.line.ptr);

    return is_proved
           ? CAPLAT_CMD_DONE
           : caplat_cmd_refuse(cmd.words[0], "the published checkpoint does "
                               "not cover it yet, or a tile cannot be read");
}
