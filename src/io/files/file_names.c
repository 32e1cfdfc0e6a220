#include "io/files/file_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

/* --- Splits */
static const struct {
    const char *name, *splits;
} known[] = {
    /* BIOSCAN-5M */
    {"pretrain", "pretrain"},
    {"train", "train"},
    {"val", "val"},
    {"test", "test"},
    {"key_unseen", "key_unseen"},
    {"val_unseen", "val_unseen"},
    {"test_unseen", "test_unseen"},
    {"other_heldout", "other_heldout"},
    /* CLIBD: groups of its data, then the names of its files of features */
    {"train_seen", "train"},
    {"val_seen", "val"},
    {"test_seen", "test"},
    {"seen_keys", "train"},
    {"unseen_keys", "key_unseen"},
    {"all_keys", "train+key_unseen"},
    {"no_split_and_seen_train", "pretrain+train"},
    {"seen_val", "val"},
    {"seen_test", "test"},
    {"unseen_val", "val_unseen"},
    {"unseen_test", "test_unseen"},
    /* of BIOSCAN-1M, which has no others for them */
    {"val_unseen_keys", "val_unseen_keys"},
    {"test_unseen_keys", "test_unseen_keys"},
};
enum { KNOWN = sizeof known / sizeof *known };

const char *zsc_splits_named(const char *name)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].name, name) == 0) return known[i].splits;
    return NULL;
}

/* What a row's split is called: a name of several splits stays, since it says of no row which of them it is of. */
static const char *split_called(size_t i) { return strchr(known[i].splits, '+') ? known[i].name : known[i].splits; }

static const char *split_exactly(const char *name, size_t length)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strlen(known[i].name) == length && strncmp(known[i].name, name, length) == 0) return split_called(i);
    return NULL;
}

/* The longest name of a split that ends NAME as words of their own; *rest: what stands before it, without marks. */
static const char *split_at_end(const char *name, size_t length, size_t *rest)
{
    const char *found = NULL;
    size_t best = 0;
    for (size_t i = 0; i < KNOWN; i++) {
        size_t own = strlen(known[i].name);
        if (own > length || own <= best || strncmp(name + length - own, known[i].name, own) != 0) continue;
        if (own < length && !strchr("_-. ", name[length - own - 1])) continue;
        found = split_called(i);
        best = own;
    }
    *rest = length - best;
    while (*rest > 0 && best && strchr("_-. ", name[*rest - 1])) --*rest;
    return found;
}

/* --- Endings */
static const char *const packings[] = {".gz", ".gzip", ".zst", ".zstd"};
/* Below a packing, only an ending that says a format is one: "dino_v1.5.gz" is dino_v1.5. */
static const char *const formats[] = {".npy",  ".npz", ".csv",  ".tsv", ".tab", ".txt",  ".dat",
                                      ".data", ".h5",  ".hdf5", ".hdf", ".he5", ".h5ad", ".mat"};

/* LENGTH without the first of ENDINGS that ends the LENGTH letters of NAME and is not all of them. */
static size_t without_ending(const char *name, size_t length, const char *const *endings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t own = strlen(endings[i]);
        if (own < length && strncasecmp(name + length - own, endings[i], own) == 0) return length - own;
    }
    return length;
}

size_t zsc_file_name_stem(const char *name)
{
    enum { PACKINGS = sizeof packings / sizeof *packings, FORMATS = sizeof formats / sizeof *formats };
    size_t length = strlen(name), rest = without_ending(name, length, packings, PACKINGS);
    if (rest < length) return without_ending(name, rest, formats, FORMATS);
    const char *dot = strrchr(name, '.');
    bool number = dot && strspn(dot + 1, "0123456789") == strlen(dot + 1); /* "dino_v1.5" has no ending */
    return dot && dot > name && !number ? (size_t)(dot - name) : length;
}

/* --- The study's names: words with "__" between them */
static size_t word_length(const char *text)
{
    const char *end = strstr(text, "__");
    return end ? (size_t)(end - text) : strlen(text);
}

/* "z1.0": images, by their zoom; "maxlen660": barcodes, by their longest length; NULL: neither. */
static const char *modality_of(const char *word, size_t length)
{
    static const struct {
        const char *begin, *modality;
    } marks[] = {{"z", "image"}, {"maxlen", "dna"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t own = strlen(marks[i].begin);
        if (length > own && strncmp(word, marks[i].begin, own) == 0 &&
            strspn(word + own, "0123456789.") == length - own)
            return marks[i].modality;
    }
    return NULL;
}

static bool is_bioscan(const char *word, size_t length) { return length >= 7 && strncasecmp(word, "bioscan", 7) == 0; }

/* The folder of PATH, also where the name does not have it. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *begin = slash;
    if (!slash || (slash - path == 1 && path[0] == '.')) { /* the working folder; it may be unknown */
        char *here = getcwd(NULL, 0), *last = here ? strrchr(here, '/') : NULL;
        char *name = zsc_strdup(last ? last + 1 : "");
        free(here);
        return name;
    }
    while (begin > path && begin[-1] != '/') begin--;
    return zsc_strndup(begin, (size_t)(slash - begin));
}

/* What a folder "<split>" or "<split>__..." says. MANY: the file has several words: a folder that is called test alone
 * is no study's otherwise. */
static void read_folder(const char *folder, bool many, zsc_file_name *out)
{
    size_t length = word_length(folder);
    const char *split = length == 3 && strncmp(folder, "all", 3) == 0 ? "all" : split_exactly(folder, length);
    if (!split || (!folder[length] && !many)) return;
    out->split = split;
    out->of_study = true;
    for (const char *word = folder + length; *word; word += word_length(word)) {
        word += 2;
        const char *modality = modality_of(word, word_length(word));
        if (modality) out->modality = modality;
    }
}

/* The words of NAME that are the model's. IN_STUDY: the folder is a study's, so that the first of several words is the
 * data set, whatever it is called. */
static zsc_status model_of(const char *name, bool in_study, zsc_file_name *out)
{
    zsc_text model = {0};
    size_t rest = 0;
    for (const char *word = name; *word;) {
        size_t length = word_length(word);
        bool last = !word[length], data_set = !last && ((in_study && word == name) || is_bioscan(word, length));
        if (!data_set && !split_exactly(word, length) && !modality_of(word, length)) {
            zsc_text_append(&model, model.length ? "__" : "");
            zsc_text_append_n(&model, word, length);
        }
        word += length + (last ? 0 : 2);
    }
    if (model.failed) return ZSC_EINTERNAL;
    if (model.length && split_at_end(model.data, model.length, &rest) && rest > 0) model.data[rest] = '\0';
    out->encoder = model.length ? model.data : zsc_strdup(name);
    if (!model.length) free(model.data);
    return out->encoder ? ZSC_OK : ZSC_EINTERNAL;
}

/* Whether one of the words before the last is BIOSCAN. */
static bool names_bioscan(const char *name)
{
    for (size_t length = word_length(name); name[length]; name += length + 2, length = word_length(name))
        if (is_bioscan(name, length)) return true;
    return false;
}

zsc_status zsc_file_name_read(const char *path, zsc_file_name *out)
{
    zsc_status status = ZSC_OK;
    zsc_file_name name = {.modality = ""};
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t rest = 0;
    char *own = zsc_strndup(base, zsc_file_name_stem(base)), *folder = folder_of(path);
    if (!own || !folder) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    size_t first = word_length(own);
    read_folder(folder, own[first] != '\0', &name);
    bool in_study = name.of_study;
    const char *split = split_at_end(own, strlen(own), &rest);
    const char *begins = own[first] ? split_exactly(own, first) : NULL;
    if (begins && !split) split = begins;
    if (split) name.split = split;
    name.of_study = in_study || begins || names_bioscan(own);
    if (name.of_study)
        ZSC_TRY(model_of(own, in_study, &name));
    else if (!(name.encoder = zsc_strdup(own)))
        status = ZSC_EINTERNAL;
done:
    free(own);
    free(folder);
    if (status == ZSC_OK)
        *out = name;
    else
        free(name.encoder);
    return status;
}

zsc_status zsc_file_name_model(const char *path, char **out)
{
    zsc_file_name name;
    size_t rest = 0;
    zsc_status status = zsc_file_name_read(path, &name);
    if (status != ZSC_OK) return status;
    if (split_at_end(name.encoder, strlen(name.encoder), &rest) && rest > 0) name.encoder[rest] = '\0';
    *out = name.encoder;
    return ZSC_OK;
}
