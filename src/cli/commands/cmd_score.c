/* zsc score: one labelling against another, read from any two files. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "cli/cli.h"
#include "cli/inputs.h"
#include "cli/labelled_rows.h"
#include "io/labels/labels.h"
#include "cli/print_results.h"
#include "metrics/scores.h"
#include "zsc/zsc.h"

typedef struct score_arguments {
    cli_common common;
    int average, missing, format;
    size_t permutations, seed;
    const char *output;
    const char *missing_values, *ids;
    zsc_list where;
} score_arguments;

static const cli_option options[] = {
    {.name = "average",
     .kind = CLI_CHOICE,
     .offset = offsetof(score_arguments, average),
     .arg = "MEAN",
     .help = "mean of the two entropies that normalises AMI and NMI",
     .choices = "arithmetic|max|min|geometric"},
    CLI_MISSING_OPTION(offsetof(score_arguments, missing)),
    CLI_MISSING_VALUES_OPTION(offsetof(score_arguments, missing_values)),
    CLI_WHERE_OPTION(offsetof(score_arguments, where)),
    CLI_IDS_OPTION(offsetof(score_arguments, ids)),
    {.name = "permutations",
     .kind = CLI_COUNT,
     .offset = offsetof(score_arguments, permutations),
     .arg = "N",
     .help = "also assign the clusters to the rows at random N times, for what chance gives: its standard deviation "
             "and a p-value (AMI of the arithmetic mean)",
     .maximum = 1e7},
    {.name = "seed",
     .kind = CLI_COUNT,
     .offset = offsetof(score_arguments, seed),
     .arg = "N",
     .help = "seed of --permutations",
     .maximum = 9e15},
    CLI_FORMAT_OPTION(offsetof(score_arguments, format)),
    CLI_OUTPUT_OPTION(offsetof(score_arguments, output)),
    CLI_FORCE_OPTION,
};

static const char *const average_names[] = {"arithmetic", "max", "min", "geometric"};

/* What is printed, in this order; JSON has more. */
typedef struct item {
    const char *key, *title;
    size_t offset;
    bool count;
} item;

#define ITEM(key_, title_, field_, count_)                                                                             \
    {                                                                                                                  \
        key_, title_, offsetof(zsc_scores, field_), count_                                                             \
    }
static const item items[] = {
    ITEM("rows", "rows scored", rows, true),
    ITEM("missing", "rows with a missing label", missing, true),
    ITEM("classes", "classes", classes, true),
    ITEM("clusters", "clusters", clusters, true),
    ITEM("ami", "AMI", ami, false),
    ITEM("nmi", "NMI", nmi, false),
    ITEM("ari", "ARI", ari, false),
    ITEM("fmi", "Fowlkes-Mallows", fmi, false),
    ITEM("homogeneity", "homogeneity", homogeneity, false),
    ITEM("completeness", "completeness", completeness, false),
    ITEM("v_measure", "V-measure", v_measure, false),
    ITEM("mi", "mutual information (nats)", mi, false),
    ITEM("emi", "expected mutual information", emi, false),
    ITEM("h_classes", "entropy of the classes", h_classes, false),
    ITEM("h_clusters", "entropy of the clusters", h_clusters, false),
};
enum { ITEMS = sizeof items / sizeof *items };

/* AMI and NMI are arrays by average. */
static double value_of(const zsc_scores *s, const item *i, int average)
{
    const char *field = (const char *)s + i->offset;
    if (i->offset == offsetof(zsc_scores, ami) || i->offset == offsetof(zsc_scores, nmi))
        field += (size_t)average * sizeof(double);
    return *(const double *)(const void *)field;
}

static size_t count_of(const zsc_scores *s, const item *i)
{
    return *(const size_t *)(const void *)((const char *)s + i->offset);
}

/* Of clusters with noise, behind the items. */
static const char *const noise_keys[] = {"clustered", "ami_clustered", "ami_singletons"};
static const char *const noise_titles[] = {"clustered rows", "AMI of clustered rows", "AMI, noise as single rows"};
/* With --permutations, behind them. */
static const char *const chance_keys[] = {"chance_sd", "p_value"};
static const char *const chance_titles[] = {"AMI of random clusters: mean 0, sd", "p-value (permutations)"};
enum { NOISE_ITEMS = 3, CHANCE_ITEMS = 2, MOST_ITEMS = ITEMS + NOISE_ITEMS + CHANCE_ITEMS };

/* What is printed: the scores, those of noise where there is some, and what chance gives. */
typedef struct scored {
    zsc_scores scores;
    zsc_noise_scores noise;
    zsc_chance chance; /* without permutations: none */
    bool has_noise;
} scored;

static void real_text(double value, bool csv, char *text, size_t size)
{
    if (isnan(value))
        snprintf(text, size, "%s", csv ? "" : "-");
    else if (csv)
        snprintf(text, size, "%s", zsc_number_text(value, (char[ZSC_NUMBER_TEXT]){0}));
    else
        snprintf(text, size, "%.6f", value);
}

static void value_text(const zsc_scores *s, const item *i, int average, bool csv, char *text, size_t size)
{
    if (i->count)
        snprintf(text, size, "%zu", count_of(s, i));
    else
        real_text(value_of(s, i, average), csv, text, size);
}

/* The I-th of the items of noise. */
static void noise_text(const zsc_noise_scores *noise, size_t i, bool csv, char *text, size_t size)
{
    const double value = i == 1 ? noise->ami_clustered : noise->ami_singletons;
    if (i == 0)
        snprintf(text, size, "%zu", noise->clustered);
    else
        real_text(value, csv, text, size);
}

typedef struct line {
    const char *key, *title;
    char text[32];
} line;

/* Returns how many there are. */
static size_t make_lines(const scored *s, int average, bool csv, line *out)
{
    size_t n = 0;
    for (size_t i = 0; i < ITEMS; i++, n++) {
        out[n] = (line){.key = items[i].key, .title = items[i].title};
        value_text(&s->scores, &items[i], average, csv, out[n].text, sizeof out[n].text);
    }
    for (size_t i = 0; i < NOISE_ITEMS && s->has_noise; i++, n++) {
        out[n] = (line){.key = noise_keys[i], .title = noise_titles[i]};
        noise_text(&s->noise, i, csv, out[n].text, sizeof out[n].text);
    }
    for (size_t i = 0; i < CHANCE_ITEMS && s->chance.permutations; i++, n++) {
        out[n] = (line){.key = chance_keys[i], .title = chance_titles[i]};
        real_text(i ? s->chance.p_value : s->chance.sd, csv, out[n].text, sizeof out[n].text);
    }
    return n;
}

static void print_table(const scored *s, int average)
{
    static const char *const header[] = {"score", "value (scores: fractions)"};
    line lines[MOST_ITEMS];
    const char *cells[2 * MOST_ITEMS];
    size_t count = make_lines(s, average, false, lines);
    for (size_t i = 0; i < count; i++) {
        cells[2 * i] = lines[i].title;
        cells[2 * i + 1] = lines[i].text;
    }
    cli_print_table(header, 2, cells, count);
}

static void print_csv(const scored *s, int average)
{
    line lines[MOST_ITEMS];
    const char *header[MOST_ITEMS], *cells[MOST_ITEMS];
    size_t count = make_lines(s, average, true, lines);
    for (size_t i = 0; i < count; i++) {
        header[i] = lines[i].key;
        cells[i] = lines[i].text;
    }
    cli_print_csv(header, count, cells, 1);
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *by_average(const double *value)
{
    json_t *o = json_object();
    for (size_t a = 0; a < 4; a++) json_object_set_new(o, average_names[a], real(value[a]));
    return o;
}

static zsc_status print_json(const scored *all, const score_arguments *a, char **operands)
{
    const zsc_scores *s = &all->scores;
    json_t *scores = json_object();
    for (size_t i = 0; i < ITEMS; i++)
        json_object_set_new(scores, items[i].key,
                            items[i].count ? json_integer((json_int_t)count_of(s, &items[i]))
                                           : real(value_of(s, &items[i], a->average)));
    if (all->has_noise) {
        json_object_set_new(scores, noise_keys[0], json_integer((json_int_t)all->noise.clustered));
        json_object_set_new(scores, noise_keys[1], real(all->noise.ami_clustered));
        json_object_set_new(scores, noise_keys[2], real(all->noise.ami_singletons));
    }
    if (isnan(s->ami[a->average]))
        json_object_set_new(scores, "ami_undefined", json_string(zsc_ami_why_undefined(s->rows, s->classes)));
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "zsc", zsc_version(), "labels", operands[0],
                             "clusters", operands[1], "average", average_names[a->average], "missing",
                             a->missing == ZSC_MISSING_DROP ? "drop" : "class", "scores", scores, "ami_by_average",
                             by_average(s->ami), "nmi_by_average", by_average(s->nmi));
    if (all->chance.permutations)
        json_object_set_new(root, "chance",
                            json_pack("{s:I, s:I, s:i, s:o, s:o}", "permutations", (json_int_t)all->chance.permutations,
                                      "seed", (json_int_t)a->seed, "mean", 0, chance_keys[0], real(all->chance.sd),
                                      chance_keys[1], real(all->chance.p_value)));
    return cli_print_json(root);
}

/* The rows of both, side by side. A missing cluster of B, too, makes a row missing. CHOICE: the listed rows, by the ids
 * of A or else of B. */
static zsc_status pair_up(const zsc_labels *a, const zsc_labels *b, cli_labelled_rows *choice, zsc_missing missing,
                          int32_t **labels, int32_t **clusters, size_t *rows)
{
    zsc_status status = ZSC_OK;
    int32_t *at = NULL;
    bool *taken = NULL;
    size_t kept = 0, matched = 0;
    ZSC_TRY(zsc_labels_match(a, b, &at));
    ZSC_TRY(cli_labelled_rows_choose(choice, a->id ? a : b, &taken));
    ZSC_NEW_RAW(*labels, a->n);
    ZSC_NEW_RAW(*clusters, a->n);
    for (size_t i = 0; i < a->n; i++) {
        if (at[i] < 0) continue;
        matched++;
        if (taken && !taken[i]) continue; /* where A has no ids, its rows are those of B */
        (*labels)[kept] = a->code[i];
        (*clusters)[kept] = b->code[at[i]];
        bool none = b->text ? (*clusters)[kept] < 0 : (*clusters)[kept] == INT32_MIN;
        if (missing == ZSC_MISSING_DROP && none) (*labels)[kept] = -1;
        kept++;
    }
    if (matched < a->n || matched < b->n)
        zsc_note("%zu rows by id; left out: %zu only in %s, %zu only in %s", matched, a->n - matched, a->source,
                 b->n - matched, b->source);
    if (kept < matched) zsc_note("left out: %zu rows that are not in the list of --ids", matched - kept);
    *rows = kept;
done:
    free(at);
    free(taken);
    return status;
}

/* Where -1 is the one negative number, it is noise. */
static zsc_status score_noise(const score_arguments *a, const int32_t *labels, const int32_t *clusters, size_t rows,
                              scored *s)
{
    size_t noise = 0;
    for (size_t i = 0; i < rows; i++) {
        if (clusters[i] < -1) return ZSC_OK;
        noise += clusters[i] == -1;
    }
    if (noise == 0) return ZSC_OK;
    zsc_status status = zsc_score_noise(labels, clusters, rows, (zsc_missing)a->missing, &a->common.exec, &s->noise);
    if (status != ZSC_OK) return status;
    s->has_noise = true;
    s->scores.clusters -= s->noise.clustered < s->scores.rows;
    zsc_note("%zu of %zu rows have cluster -1, noise: one cluster in the scores, and none in the number of clusters",
             noise, rows);
    return ZSC_OK;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    const score_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_labels one = {0}, two = {0};
    int32_t *labels = NULL, *clusters = NULL;
    size_t rows = 0;
    scored s = {0};
    cli_labelled_rows choice = {0};
    ZSC_TRY(cli_labelled_rows_make(&a->where, a->missing_values, a->ids, &choice));
    ZSC_TRY(zsc_labels_read_rows(operands[0], a->missing_values, &choice.rows, &one));
    ZSC_TRY(zsc_labels_read_rows(operands[1], a->missing_values, &choice.rows, &two));
    ZSC_TRY(cli_labelled_rows_check_where(&choice));
    ZSC_TRY(pair_up(&one, &two, &choice, (zsc_missing)a->missing, &labels, &clusters, &rows));
    ZSC_TRY(zsc_score(labels, clusters, rows, (zsc_missing)a->missing, &a->common.exec, &s.scores));
    ZSC_TRY(zsc_score_chance(labels, clusters, rows, (zsc_missing)a->missing, a->permutations, a->seed, &a->common.exec,
                             &s.chance));
    if (s.scores.rows == 0) zsc_warn("no row has a label: nothing to score");
    if (!two.text) ZSC_TRY(score_noise(a, labels, clusters, rows, &s));
    if (a->format == CLI_JSON)
        status = print_json(&s, a, operands);
    else
        (a->format == CLI_CSV ? print_csv : print_table)(&s, a->average);
done:
    zsc_labels_free(&one);
    zsc_labels_free(&two);
    cli_labelled_rows_free(&choice);
    free(labels);
    free(clusters);
    return status;
}

const cli_command cli_score_command = {
    .name = "score",
    .group = "Single steps",
    .summary = "score one labelling against another",
    .operands = "LABELS CLUSTERS",
    .min_operands = 2,
    .max_operands = 2,
    .description =
        "LABELS and CLUSTERS are each a column of a CSV file (FILE.csv:COLUMN), a dataset of an HDF5 "
        "file or a variable of MATLAB or Octave (FILE.h5:/PATH), a column of a file of embeddings "
        "(FILE.h5ad:COLUMN), or a NumPy array (FILE.npy, FILE.npz:ARRAY), of text or integers. Of a file alone it is "
        "the column "
        "cluster, or /clusters, as zsc cluster writes them. If both have "
        "ids (CSV column id or processid, HDF5 /id, an array id), rows are matched by id. Otherwise both "
        "must have the same "
        "rows in the same order.\n\n"
        "A text label is missing if it is empty or one of --missing-values. A number in LABELS is missing "
        "if it is negative; in "
        "CLUSTERS a negative number is a cluster; but if -1 is the only one it is noise, as clusterers write it: one "
        "cluster in the scores, with AMI of the clustered rows and AMI with noise as single rows beside it. "
        "AMI of noise is by the arithmetic mean. The number of rows scored is always reported. Scores "
        "are fractions; information and entropies are in nats.\n\n"
        "AMI is not defined where the expected and the maximal mutual information agree: with one class, or "
        "where every row is a class and a cluster of its own. It is then '-', empty in CSV, and null in "
        "JSON, where ami_undefined says why. scikit-learn gives 1.0 or 0.0 there.\n\n"
        "With --permutations N, clusters of the same sizes are assigned to the scored rows at random, N times. Their "
        "AMI is 0 on average; printed are its standard deviation and the p-value: (1 + assignments whose mutual "
        "information reaches the observed one) / (N + 1).",
    .examples = "  $ zsc score metadata.csv:species results/4f1c.h5:/clusters\n"
                "  $ zsc score truth.npy predicted.npy --average max --format json\n"
                "  $ zsc score truth.npy predicted.npy --permutations 999",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(score_arguments),
    .run = run,
};
