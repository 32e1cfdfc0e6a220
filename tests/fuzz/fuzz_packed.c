/* Packed files. The input's first bytes say how it is packed and what is then done to the file; the rest is what it
 * holds.
 *
 * Damage: a change of one byte, a cut or an addition is either found, or what is read is what was packed: checksums see
 * all of these. Whole: what the readers of npy, npz and CSV make of contents whose checksums are right, whatever they
 * are: bytes as they are in fuzz_vectors would seldom get past them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pack.h"
#include "base/memory.h"
#include "fuzz.h"
#include "io/text/csv.h"
#include "io/npy.h"
#include "io/files/source.h"
#include "io/embeddings.h"

static const char *path_of(const char *name)
{
    static char path[300];
    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
    return path;
}

static const char *write_packed(const char *name, const packed *p)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(p->data, 1, p->size, file) != p->size || fclose(file) != 0) fuzz_wrong("cannot write %s", path);
    return path;
}

/* --- Damage */
enum { CHANGE, CUT, ADD, NOTHING, KINDS_OF_DAMAGE };

static void damage(packed *p, unsigned kind, size_t where, uint8_t with)
{
    if (kind == CHANGE) p->data[where % p->size] ^= with;
    if (kind == CUT) p->size -= 1 + where % p->size;
    if (kind != ADD) return;
    size_t count = 1 + where % 9;
    uint8_t *grown = realloc(p->data, p->size + count);
    if (!grown) return;
    memset(grown + p->size, with, count);
    p->data = grown;
    p->size += count;
}

/* All of SOURCE, in pieces; the caller frees it. */
static zsc_status read_whole(zsc_source *source, size_t piece, uint8_t **out, size_t *size)
{
    zsc_status status = ZSC_OK;
    uint8_t *data = NULL;
    size_t capacity = 0, got = piece;
    *size = 0;
    while (got == piece) {
        ZSC_TRY(zsc_grow(&data, &capacity, *size + piece, 1, "contents"));
        ZSC_TRY(zsc_source_read(source, data + *size, piece, &got));
        *size += got;
    }
    *out = data;
    data = NULL;
done:
    free(data);
    return status;
}

static zsc_status open_packed(const char *path, bool zip, zsc_archive **archive, zsc_source **source)
{
    if (!zip) return zsc_source_open(path, source);
    zsc_status status = zsc_archive_open(path, archive);
    if (status != ZSC_OK) return status;
    if (zsc_archive_count(*archive) == 0) return zsc_fail(ZSC_EINPUT, "no member");
    return zsc_archive_member(*archive, 0, source);
}

static void read_damaged(const char *path, pack_kind kind, size_t piece, const uint8_t *data, size_t size)
{
    zsc_archive *archive = NULL;
    zsc_source *source = NULL;
    uint8_t *found = NULL;
    size_t length = 0;
    zsc_status status = open_packed(path, kind >= PACK_STORED, &archive, &source);
    if (status == ZSC_OK) status = read_whole(source, piece, &found, &length);
    fuzz_check_status(status);
    if (status == ZSC_OK && (length != size || (size && memcmp(found, data, size) != 0)))
        fuzz_wrong("%s: %zu bytes were packed, %zu other ones are read", pack_name[kind], size, length);
    free(found);
    zsc_source_close(source);
    zsc_archive_close(archive);
}

/* Whether the first bytes still say what the file is: if not, it is another file, and its bytes are its contents. */
static bool is_still(pack_kind kind, const packed *p)
{
    static const char *const start[] = {"\x1f\x8b", "\x28\xb5\x2f\xfd", "PK", "PK"};
    size_t length = strlen(start[kind]);
    return p->size >= length && memcmp(p->data, start[kind], length) == 0;
}

/* --- Whole */
static zsc_status count_row(void *data, const zsc_csv_row *row)
{
    *(size_t *)data += row->length[0];
    return ZSC_OK;
}

static void read_text(const char *path)
{
    static const char *const name[] = {"id", NULL};
    const zsc_csv_column column = {name, true};
    size_t letters = 0;
    fuzz_check_status(zsc_csv_read(path, NULL, &column, 1, NULL, count_row, &letters));
}

static void read_array(const char *path)
{
    float *x = NULL;
    size_t n = 0, d = 0;
    zsc_status status = zsc_npy_read_f32(path, &x, &n, &d);
    fuzz_check_status(status);
    free(status == ZSC_OK ? x : NULL);
}

static void read_vectors(const char *path)
{
    enum { MOST = 1 << 16 };
    zsc_embeddings *v = NULL;
    zsc_status status = zsc_embeddings_open(path, NULL, &v);
    fuzz_check_status(status);
    if (status != ZSC_OK) return;
    for (size_t e = 0; e < v->encoders; e++) {
        size_t d = v->encoder[e].d;
        if (v->n == 0 || d == 0 || v->n > MOST || d > MOST || v->n * d > MOST) continue;
        float *x = malloc(v->n * d * sizeof *x);
        if (x) fuzz_check_status(zsc_embeddings_rows(v, &v->encoder[e], 0, v->n, x));
        free(x);
    }
    for (size_t i = 0; i < v->text.count; i++) {
        char **text = NULL;
        status = zsc_embeddings_text(v, v->text.item[i], 0, v->n, &text);
        fuzz_check_status(status);
        if (status == ZSC_OK) free(text);
    }
    zsc_embeddings_close(v);
}

static void read_contents(pack_kind kind, const packed *p)
{
    if (kind >= PACK_STORED) {
        read_vectors(write_packed("v.npz", p));
        return;
    }
    read_array(write_packed("v.npy", p));
    read_text(write_packed("v.csv", p));
    read_vectors(path_of("v.csv"));
}

/* A member "embeddings.npy" of the first half, and another of the second. */
static packed pack_two(bool deflated, const uint8_t *data, size_t size)
{
    static const char *const names[] = {"embeddings.npy", "species.npy"};
    size_t half = size / 2;
    return pack_zip(deflated, 2, names, (const void *const[]){data, data + half}, (const size_t[]){half, size - half});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    unsigned how = fuzz_take(&in), kind_of_damage = fuzz_take(&in) % KINDS_OF_DAMAGE;
    size_t where = fuzz_take(&in) << 8;
    where += fuzz_take(&in);
    uint8_t with = (uint8_t)fuzz_take(&in);
    size_t piece = 1 + fuzz_take(&in) * 37;
    pack_kind kind = how % PACK_KINDS;
    packed p = pack(kind, "embeddings.npy", in.data, in.left);
    if (kind_of_damage == NOTHING) {
        read_contents(kind, &p);
        if (kind >= PACK_STORED && how & 64) {
            packed two = pack_two(kind == PACK_DEFLATED, in.data, in.left);
            read_contents(kind, &two);
            free(two.data);
        }
    }
    if (with == 0 && kind_of_damage == CHANGE) with = 1;
    if (with == 0 && kind_of_damage == ADD && kind == PACK_GZIP) with = 1; /* zeros behind gzip are padding */
    damage(&p, kind_of_damage, where, with);
    if (p.size > 0 && is_still(kind, &p)) read_damaged(write_packed("v", &p), kind, piece, in.data, in.left);
    free(p.data);
    return 0;
}
