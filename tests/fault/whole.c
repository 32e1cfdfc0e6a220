/* Says what a result holds, or fails if the file is not a whole, undamaged result. For the tests of faults and kills.
 */
#include <stdio.h>

#include "zsc/zsc.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        zsc_result r = {0};
        unsigned everything = ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE |
                              ZSC_RESULT_RETRIEVAL;
        if (zsc_result_read(argv[i], everything, &r) != ZSC_OK) {
            fprintf(stderr, "%s\n", zsc_error_message());
            return 1;
        }
        printf("%s %zu", r.key, r.rows);
        for (size_t j = 0; j < r.scores; j++)
            printf(" %s %.17g", r.score[j].rank, r.score[j].scores.ami[ZSC_ARITHMETIC]);
        puts(r.retrieval ? r.retrieval : "");
        zsc_result_free(&r);
    }
    return 0;
}
