/* Small readers of words: sizes, lists, UTF-8, settings of a run by name. */
#include <string.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "experiment/settings/settings.h"
#include "fuzz.h"

/* UTF-8 by the plain rule: decode, then ask whether the shortest form was used. */
static int plain_utf8(const unsigned char *p, size_t size)
{
    for (size_t i = 0; i < size;) {
        unsigned c = p[i], more = c < 0x80                ? 0
                                  : c >= 0xc0 && c < 0xe0 ? 1
                                  : c >= 0xe0 && c < 0xf0 ? 2
                                  : c >= 0xf0 && c < 0xf8 ? 3
                                                          : 9;
        if (more == 9 || i + more >= size) return 0;
        uint32_t code = more == 0 ? c : c & (0x3fu >> more);
        for (unsigned k = 1; k <= more; k++) {
            if ((p[i + k] & 0xc0) != 0x80) return 0;
            code = code << 6 | (p[i + k] & 0x3fu);
        }
        static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return 0;
        i += more + 1;
    }
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t bytes = 0;
    zsc_list list = {0};
    if (zsc_utf8_valid((const char *)data, size) != plain_utf8(data, size)) fuzz_wrong("UTF-8 or not?");
    char *text = zsc_strndup((const char *)data, size);
    if (!text) return 0;
    zsc_bytes_parse(text, &bytes);
    if (zsc_list_split(&list, text, ",+") == ZSC_OK)
        for (size_t i = 0; i < list.count; i++)
            if (!*list.item[i] || strpbrk(list.item[i], ",+")) fuzz_wrong("'%s' is no part", list.item[i]);
    zsc_list_free(&list);
    for (size_t i = 0; i < zsc_setting_count; i++) {
        zsc_run_options options = zsc_run_defaults();
        fuzz_check_status(zsc_setting_parse(&zsc_settings[i], text, &options));
    }
    free(text);
    return 0;
}
