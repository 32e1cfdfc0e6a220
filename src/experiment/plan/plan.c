#include "experiment/plan/plan.h"

#include <stdlib.h>
#include <string.h>

void zsc_plan_free(zsc_plan *plan)
{
    for (size_t i = 0; i < plan->list_count; i++) free(plan->lists[i]);
    free(plan->lists);
    for (size_t i = 0; i < plan->axes; i++) zsc_list_free(&plan->axis[i].value);
    free(plan->axis);
    free(plan->run);
    free(plan->output);
    free(plan->repeat);
    free(plan->repeat_of);
    zsc_list_free(&plan->names);
    zsc_yaml_free(&plan->file);
    *plan = (zsc_plan){0};
}

const char zsc_plan_example[] =
    "# A sweep: every combination of the lists below is one run.\n"
    "# Show the plan: zsc sweep --dry-run FILE.yaml      Run it: zsc sweep FILE.yaml\n"
    "# Paths are relative to the folder in which zsc is started.\n"
    "\n"
    "output: results/figure6            # one result file per run; a run with a result is not run again\n"
    "metadata: metadata.csv             # labels; without it, those of the embeddings files\n"
    "# column: [family=Familia]         # columns of the metadata whose names differ from BIOSCAN-5M's\n"
    "\n"
    "embeddings:                        # embeddings to cluster; each entry is an input\n"
    "  - image.h5:*                     # all encoders of a file\n"
    "  - dna.h5:hyenadna\n"
    "  - [image.h5:dino, dna.h5:hyenadna]   # joined on the id and concatenated\n"
    "# pairs:                           # each of the first list with each of the second\n"
    "#   - [image.h5:*]\n"
    "#   - [dna.h5:*]\n"
    "\n"
    "subsets:                           # selections of rows\n"
    "  - split: test+test_unseen\n"
    "  - split: test+test_unseen\n"
    "    one-per-barcode: random\n"
    "\n"
    "scale: zscore                      # every option of zsc run is a key; a list gives one run per value\n"
    "neighbors: 30\n"
    "clusters: [species, each-rank]\n"
    "seed: 0-2                          # or [0, 1, 2]\n"
    "# design: one-at-a-time            # not all combinations: each value of a setting with the first of the others\n"
    "\n"
    "exclude:                           # a run is left out if it matches all lines of an entry\n"
    "  - embeddings: \"*:dino\"\n"
    "    clusters: each-rank\n"
    "\n"
    "# A sweep of retrieval is a file of its own:\n"
    "# kind: retrieval\n"
    "# keys: [aligned.h5:dna]           # each of the queries is searched in each of the keys\n"
    "# queries: [aligned.h5:*]          # the keys, by default\n"
    "# key-split: train+key_unseen      # and metadata, ranks, metric, weighted, known-queries, where, ... as in zsc "
    "retrieve\n"
    "# query-split: [test, test_unseen]\n"
    "# k: [1, 3, 5]\n"
    "\n"
    "# Linear probes likewise, with the options of zsc probe (solver, epochs, weight-decay, stopping-split, ...):\n"
    "# kind: probe\n"
    "# keys: [k.h5:*]                   # each is fitted, and classifies its own queries, or those of `queries`\n"
    "# key-split: train\n"
    "# query-split: test\n";
