/* Sweep files: YAML, then the plan that is made of it. */
#include <string.h>

#include "experiment/plan/plan.h"
#include "fuzz.h"
#include "io/text/yaml.h"

static void walk(const zsc_yaml *node, int depth)
{
    if (depth > 17) fuzz_wrong("nested %d deep", depth);
    if (node->kind == ZSC_YAML_SCALAR && !node->text) fuzz_wrong("a scalar without text");
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == ZSC_YAML_MAP && zsc_yaml_get(node, node->key[i]) != &node->child[i])
            fuzz_wrong("key '%s' is not found", node->key[i]);
        walk(&node->child[i], depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    zsc_yaml root = {0};
    zsc_plan plan = {0};
    if (!path) return 0;
    zsc_status status = zsc_yaml_read(path, &root);
    fuzz_check_status(status);
    if (status != ZSC_OK) return 0;
    walk(&root, 0);
    zsc_yaml_free(&root);
    status = zsc_plan_read(path, ZSC_DESIGN_PRODUCT, &plan);
    fuzz_check_status(status);
    if (status == ZSC_OK) {
        if (plan.count == 0) fuzz_wrong("a plan of no runs");
        for (size_t i = 0; i < plan.count; i++)
            if (plan.run[i].input >= plan.inputs || plan.run[i].graph >= plan.graphs || plan.run[i].tree >= plan.trees)
                fuzz_wrong("run %zu belongs to an input, graph or tree that is not there", i);
        zsc_plan_free(&plan);
    }
    return 0;
}
