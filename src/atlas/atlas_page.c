#include "atlas/atlas_page.h"

#include <stdlib.h>
#include <string.h>

#include "atlas/page_assets.h"
#include "base/error.h"
#include "base/hash.h"
#include "io/text/json_text.h"
#include "report/escape.h"
#include "zsc/zsc.h"

/* --- Content-Security-Policy */
/* "https:" of "https://host/x.jpg"; "" of a path. */
static void put_scheme(FILE *out, const char *image)
{
    size_t length = strspn(image, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (length > 1 && strncmp(image + length, "://", 3) == 0) fprintf(out, " %.*s:", (int)length, image);
}

static void put_policy(FILE *out, const zsc_atlas_page *page, const char *nonce)
{
    fprintf(out,
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action "
            "'none'; style-src 'nonce-%s'; script-src 'nonce-%s'; img-src blob:",
            nonce, nonce);
    if (page->image) {
        fputs(" 'self' file:", out);
        put_scheme(out, page->image);
    }
    fprintf(out, "%s\">\n", page->packed ? "" : "; connect-src 'self'");
}

/* --- Parts */
static void put_assets(FILE *out, zsc_asset_kind kind, const char *element, const char *nonce)
{
    for (size_t i = 0; i < zsc_atlas_asset_count; i++) {
        const zsc_asset *a = &zsc_atlas_assets[i];
        if (a->kind != kind) continue;
        if (element) fprintf(out, "<%s nonce=\"%s\">\n", element, nonce);
        fputs((const char *)a->text, out);
        if (element) fprintf(out, "</%s>\n", element);
    }
}

/* JSON in which the letters that could end or open an element are escapes. */
static void put_json(FILE *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '<' || *c == '>' || *c == '&')
            fprintf(out, "\\u%04x", (unsigned)*c);
        else
            putc(*c, out);
    }
}

zsc_status zsc_atlas_page_write(FILE *out, const zsc_atlas_page *page)
{
    zsc_status status = ZSC_OK;
    char *head = zsc_json_text(page->head, JSON_COMPACT | JSON_ENSURE_ASCII), nonce[ZSC_DIGEST_TEXT];
    zsc_text title = {0};
    if (!head) return zsc_fail(ZSC_EINTERNAL, "memory ran out, or a name in the results is not UTF-8");
    zsc_escape_html(&title, page->title);
    if (title.failed) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    zsc_digest_text(zsc_hash_bytes(head, strlen(head)), nonce);
    fprintf(out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" "
            "content=\"zsc %s\">\n",
            zsc_version());
    put_policy(out, page, nonce);
    fprintf(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n",
            title.data);
    put_assets(out, ZSC_ASSET_STYLE, "style", nonce);
    fputs("</head>\n<body>\n", out);
    put_assets(out, ZSC_ASSET_BODY, NULL, nonce);
    fputs("<script type=\"application/json\" id=\"zsc-head\">", out);
    put_json(out, head);
    fputs("</script>\n<script type=\"text/plain\" id=\"zsc-data\">", out);
    if (page->packed) zsc_base64_write(out, page->packed->data, page->packed->size);
    fputs("</script>\n", out);
    put_assets(out, ZSC_ASSET_SCRIPT, "script", nonce);
    fputs("</body>\n</html>\n", out);
done:
    free(head);
    free(title.data);
    return status;
}
