#include "knn/exact/lists.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

void zsc_exact_lists_begin(const zsc_exact_lists *s, size_t c, size_t at, int32_t row, float itself)
{
    const zsc_exact_list *l = &s->list[c];
    l->size[at] = zsc_exact_lists_own(s);
    if (l->size[at] == 0) return;
    l->value[at * s->capacity] = itself;
    l->index[at * s->capacity] = row;
}

static zsc_status make_list(const zsc_exact_lists *s, size_t c)
{
    zsc_status status = ZSC_OK;
    zsc_exact_list *l = &s->list[c];
    ZSC_NEW_RAW(l->index, s->n * s->capacity);
    ZSC_NEW_RAW(l->value, s->n * s->capacity);
    ZSC_NEW(l->size, s->n);
    ZSC_NEW_RAW(l->limit, s->blocks * ZSC_TILE);
    for (size_t at = 0; at < s->blocks * ZSC_TILE; at++) l->limit[at] = at < s->n ? INFINITY : -INFINITY;
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t at = 0; at < s->n; at++) zsc_exact_lists_begin(s, c, at, (int32_t)at, -INFINITY);
done:
    return status;
}

zsc_status zsc_exact_lists_make(const zsc_block_index *index, const zsc_block_index *keys, size_t count, size_t k,
                                size_t keep, int threads, zsc_exact_lists *out)
{
    zsc_status status = ZSC_OK;
    zsc_exact_lists s = {.n = index->n,
                         .blocks = index->blocks,
                         .k = k,
                         .keep = keep,
                         .capacity = zsc_top_k_capacity(keep),
                         .index = index,
                         .keys = keys,
                         .threads = threads};
    ZSC_NEW(s.list, count);
    ZSC_NEW(s.lock, s.blocks);
    while (s.count < count) {
        s.count++; /* one that is made in part is freed, too */
        ZSC_TRY(make_list(&s, s.count - 1));
    }
    for (; s.locks < s.blocks; s.locks++) pthread_mutex_init(&s.lock[s.locks], NULL);
    *out = s;
    s = (zsc_exact_lists){0};
done:
    zsc_exact_lists_free(&s);
    return status;
}

static void free_list(zsc_exact_list *l)
{
    free(l->index);
    free(l->value);
    free(l->size);
    free(l->limit);
    *l = (zsc_exact_list){0};
}

void zsc_exact_lists_free(zsc_exact_lists *s)
{
    for (size_t b = 0; b < s->locks; b++) pthread_mutex_destroy(&s->lock[b]);
    for (size_t c = 0; s->list && c < s->count; c++) free_list(&s->list[c]);
    free(s->list);
    free(s->lock);
    *s = (zsc_exact_lists){0};
}

size_t zsc_exact_lists_memory(size_t n, size_t count, size_t keep)
{
    return count * (n * (zsc_top_k_capacity(keep) * 8 + 8) + (n + ZSC_TILE) * 4) +
           (n / ZSC_TILE + 1) * sizeof(pthread_mutex_t);
}

bool zsc_exact_lists_limits(zsc_exact_lists *s, size_t b, float *limit)
{
    size_t rows = zsc_block_rows(s->index, b);
    pthread_mutex_lock(&s->lock[b]);
    for (size_t c = 0; c < s->count; c++)
        memcpy(limit + c * ZSC_TILE, s->list[c].limit + b * ZSC_TILE, ZSC_TILE * sizeof *limit);
    pthread_mutex_unlock(&s->lock[b]);
    for (size_t c = 0; c < s->count; c++)
        for (size_t r = 0; r < rows; r++)
            if (limit[c * ZSC_TILE + r] > -INFINITY) return true;
    return false;
}

void zsc_exact_lists_keep(zsc_exact_lists *s, size_t c, int side, size_t b, size_t other, const zsc_tile_pair *pairs,
                          size_t count, float *copy)
{
    zsc_exact_list *l = &s->list[c];
    float *limit = l->limit + b * ZSC_TILE;
    pthread_mutex_lock(&s->lock[b]);
    for (size_t p = 0; p < count; p++) {
        size_t r = side ? pairs[p].j : pairs[p].i, o = side ? pairs[p].i : pairs[p].j, at = b * ZSC_TILE + r;
        float value = pairs[p].value;
        if (value >= limit[r]) continue;
        if (isnan(value)) value = -INFINITY; /* beyond single precision: to be measured */
        limit[r] = zsc_top_k_append(s->index->kernels, l->value + at * s->capacity, l->index + at * s->capacity,
                                    &l->size[at], s->capacity, s->keep, limit[r], value,
                                    (int32_t)(other * ZSC_TILE + o));
        if (copy) copy[r] = limit[r];
    }
    pthread_mutex_unlock(&s->lock[b]);
}

void zsc_exact_lists_keep_first(zsc_exact_lists *s, size_t c, int side, size_t b, size_t other,
                                const zsc_tile_pair *pairs, size_t count)
{
    zsc_exact_list *l = &s->list[c];
    float *limit = l->limit + b * ZSC_TILE;
    pthread_mutex_lock(&s->lock[b]);
    for (size_t p = 0; p < count; p++) {
        size_t r = side ? pairs[p].j : pairs[p].i, o = side ? pairs[p].i : pairs[p].j, at = b * ZSC_TILE + r;
        float value = isnan(pairs[p].value) ? -INFINITY : pairs[p].value, *values = l->value + at * s->capacity;
        if (value >= limit[r]) continue;
        zsc_top_k_offer(values, l->index + at * s->capacity, &l->size[at], s->keep, value,
                        (int32_t)(other * ZSC_TILE + o));
        if (l->size[at] == s->keep) limit[r] = nextafterf(values[0], INFINITY); /* equal ones still count */
    }
    pthread_mutex_unlock(&s->lock[b]);
}

void zsc_exact_lists_merge(zsc_exact_lists *s, size_t c, int side, size_t b, size_t other, const zsc_exact_pair *pairs,
                           size_t count)
{
    const int32_t *order = s->keys->order;
    zsc_exact_list *l = &s->list[c];
    float *limit = l->limit + b * ZSC_TILE;
    pthread_mutex_lock(&s->lock[b]);
    for (size_t p = 0; p < count; p++) {
        size_t r = side ? pairs[p].j : pairs[p].i, o = side ? pairs[p].i : pairs[p].j, at = b * ZSC_TILE + r;
        float *value = l->value + at * s->capacity;
        if (limit[r] < 0) continue; /* finished */
        if (l->size[at] == s->k && pairs[p].value > value[0]) continue;
        zsc_top_k_offer(value, l->index + at * s->capacity, &l->size[at], s->k, pairs[p].value,
                        order[other * ZSC_TILE + o] + s->first_key);
        if (l->size[at] == s->k) limit[r] = fminf(limit[r], zsc_exact_lists_limit_of(s, at, value[0]));
    }
    pthread_mutex_unlock(&s->lock[b]);
}

void zsc_exact_lists_take(zsc_exact_lists *s, size_t c, int32_t *index_out, float *distance_out)
{
    zsc_exact_list *l = &s->list[c];
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t at = 0; at < s->n; at++) {
        size_t row = (size_t)s->index->order[at];
        int32_t *index = index_out + row * s->k;
        float *distance = distance_out + row * s->k;
        memcpy(index, l->index + at * s->capacity, s->k * sizeof *index);
        memcpy(distance, l->value + at * s->capacity, s->k * sizeof *distance);
        zsc_top_k_sort(distance, index, s->k);
        if (zsc_exact_lists_own(s)) distance[0] = fmaxf(0, distance[0]);
    }
    free_list(l);
}
