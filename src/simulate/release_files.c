#include "simulate/release_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "io/files/atomic.h"

/* Of the order of quality the paper says that DINO is the best of images and HyenaDNA of DNA at species; the rest is
 * ours. random_resnet50 is not in the paper's figures: zs-ssl-clustering's encoder with random weights, which any other
 * should pass. */
const zsc_release_model zsc_release_models[ZSC_RELEASE_MODELS] = {
    {"resnet50", "ResNet-50 X-Ent.", "ResNet-50", "X-Ent.", 2048, 0.55F},
    {"mocov3_resnet50", "ResNet-50 MoCo-v3", "ResNet-50", "MoCo-v3", 2048, 0.40F},
    {"dino_resnet50", "ResNet-50 DINO", "ResNet-50", "DINO", 2048, 0.12F},
    {"vicreg_resnet50", "ResNet-50 VICReg", "ResNet-50", "VICReg", 2048, 0.25F},
    {"clip_RN50", "ResNet-50 CLIP", "ResNet-50", "CLIP", 1024, 0.80F},
    {"vitb16", "ViT-B X-Ent.", "ViT-B", "X-Ent.", 768, 0.50F},
    {"mocov3_vit_base", "ViT-B MoCo-v3", "ViT-B", "MoCo-v3", 768, 0.32F},
    {"dino_vitb16", "ViT-B DINO", "ViT-B", "DINO", 768, 0.00F},
    {"timm_vit_base_patch16_224.mae", "ViT-B MAE (CLS)", "ViT-B", "MAE (CLS)", 768, 1.00F},
    {"mae_pretrain_vit_base_global", "ViT-B MAE (avg)", "ViT-B", "MAE (avg)", 768, 0.90F},
    {"clip_vitb16", "ViT-B CLIP", "ViT-B", "CLIP", 512, 0.70F},
    {"random_resnet50", "ResNet-50 random", "ResNet-50", "random", 2048, 1.50F},
    {"barcodebert", "BarcodeBERT", "Transformer", "BarcodeBERT", 768, 0.35F},
    {"dnabert-2", "DNABERT-2", "Transformer", "DNABERT-2", 768, 1.00F},
    {"dnabert-s", "DNABERT-S", "Transformer", "DNABERT-S", 768, 0.10F},
    {"hyenadna", "HyenaDNA", "Hyena", "HyenaDNA", 128, -0.40F},
    {"NucleotideTransformer", "NT", "Transformer", "NT", 512, 0.70F},
};

/* Images are clustered (Figures 6 and A11, Table A16). DNA is also probed (Tables 4 and A15): keys are train, queries
 * test, test_unseen and val_unseen, and val stops the fit of the linear probe. */
const zsc_release_splits *zsc_release_splits_of(bool dna)
{
    static const zsc_release_splits splits[] = {
        {2, {ZSC_SIM_TEST, ZSC_SIM_TEST_UNSEEN}},
        {5, {ZSC_SIM_TEST, ZSC_SIM_TEST_UNSEEN, ZSC_SIM_TRAIN, ZSC_SIM_VAL, ZSC_SIM_VAL_UNSEEN}}};
    return &splits[dna];
}

const zsc_release_alignment zsc_release_alignments[ZSC_RELEASE_ALIGNMENTS] = {
    {"no_alignment_baseline", "No alignment", false},
    {"image_dna_text_4gpu", "CLIBD", true},
};
const zsc_release_clibd_file zsc_release_clibd_files[ZSC_RELEASE_CLIBD_FILES] = {
    {"seen_keys", ZSC_SIM_TRAIN},
    {"unseen_keys", ZSC_SIM_KEY_UNSEEN},
    {"seen_test", ZSC_SIM_TEST},
    {"unseen_test", ZSC_SIM_TEST_UNSEEN},
};

/* --- Names */
static bool is_dna(size_t model) { return model >= ZSC_RELEASE_IMAGE_MODELS; }

/* zs-ssl-clustering has a folder for each split and zoom, or longest barcode. */
static const char *folder_end(size_t model) { return is_dna(model) ? "maxlen660" : "z1.0"; }

char *zsc_release_embeddings_path(const char *folder, size_t model, zsc_sim_split split)
{
    return zsc_asprintf("%s/embeddings/%s__%s/bioscan5m__%s.npz", folder, zsc_sim_split_names[split], folder_end(model),
                        zsc_release_models[model].name);
}

char *zsc_release_clibd_path(const char *folder, size_t alignment, size_t file)
{
    return zsc_asprintf("%s/clibd/%s/extracted_features_of_%s.hdf5", folder, zsc_release_alignments[alignment].name,
                        zsc_release_clibd_files[file].name);
}

char *zsc_release_image_path(const char *folder, zsc_sim_split split, const char *chunk, const char *id)
{
    return zsc_asprintf("%s/%s/%s/%s%s%s.jpg", folder, ZSC_RELEASE_IMAGES, zsc_sim_split_names[split], chunk,
                        *chunk ? "/" : "", id);
}

/* --- README */
static zsc_status open_text(const char *folder, const char *name, zsc_atomic **out)
{
    char *path = zsc_asprintf("%s/%s", folder, name);
    if (!path) return ZSC_EINTERNAL;
    zsc_status status = zsc_atomic_open(path, out);
    free(path);
    return status;
}

zsc_status zsc_release_write_readme(const char *folder, double scale, uint64_t seed)
{
    zsc_atomic *file = NULL;
    zsc_status status = open_text(folder, "README", &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    fprintf(out,
            "SIMULATED DATA. Made by zsc simulate --release --scale %g --seed %" PRIu64 "\n\n"
            "Nothing here is real: specimens, taxa, places, barcodes, images and embeddings are drawn at random. The\n"
            "folder stands in for the release of BIOSCAN-5M and for what its authors' encoders gave for it, so that\n"
            "the commands that take those files can be tried. No file of theirs is a source of it, and no number\n"
            "computed from it says anything about insects or encoders.\n\n",
            scale, seed);
    fprintf(out,
            "%s\n    all splits and columns of BIOSCAN-5M, and the column simulated, 1 in each row\n"
            "%s/<split>/[<chunk>/]<processid>.jpg\n    some images: coloured noise\n"
            "embeddings/<split>__z1.0/bioscan5m__<model>.npz\n    %d image encoders, as zs-ssl-clustering writes them; "
            "random_resnet50 is not in the paper\n"
            "embeddings/<split>__maxlen660/bioscan5m__<model>.npz\n    %d DNA encoders\n"
            "clibd/<model>/extracted_features_of_<split>.hdf5\n    images and DNA before and after alignment, as CLIBD "
            "writes them\n"
            "paper.yaml\n    lists all of it for `zsc paper`\n\n"
            "Embeddings are there of the splits that an item of the paper needs. An .npz holds no ids: its rows are\n"
            "those of the split in the order of processid, as in zs-ssl-clustering, whose array `config` (a pickle)\n"
            "is left out.\n",
            ZSC_RELEASE_METADATA, ZSC_RELEASE_IMAGES, ZSC_RELEASE_IMAGE_MODELS, ZSC_RELEASE_DNA_MODELS);
    return zsc_atomic_commit(file);
}

/* --- paper.yaml */
/* The files of MODEL's first COUNT splits. */
static zsc_status write_files(FILE *out, size_t model, size_t count)
{
    const zsc_release_splits *splits = zsc_release_splits_of(is_dna(model));
    fputs("    file:\n", out);
    for (size_t i = 0; i < count; i++) {
        char *path = zsc_release_embeddings_path(".", model, splits->split[i]);
        if (!path) return ZSC_EINTERNAL;
        fprintf(out, "      - %s\n", path + 2);
        free(path);
    }
    return ZSC_OK;
}

static zsc_status write_encoders(FILE *out)
{
    zsc_status status = ZSC_OK;
    fputs("\n# Clustered: Figures 6 and A11, Table A16\nencoders:\n", out);
    for (size_t i = 0; i < ZSC_RELEASE_MODELS; i++) {
        const zsc_release_model *m = &zsc_release_models[i];
        fprintf(out, "  - label: %s\n    modality: %s\n    architecture: %s\n    pretraining: %s\n", m->label,
                is_dna(i) ? "dna" : "image", m->architecture, m->pretraining);
        ZSC_TRY(write_files(out, i, ZSC_RELEASE_CLUSTERED));
    }
    fputs("\n# Nearest keys and linear probes: Tables 4 and A15\nprobes:\n", out);
    for (size_t i = ZSC_RELEASE_IMAGE_MODELS; i < ZSC_RELEASE_MODELS; i++) {
        fprintf(out, "  - label: %s\n", zsc_release_models[i].label);
        ZSC_TRY(write_files(out, i, zsc_release_splits_of(true)->count));
    }
done:
    return status;
}

static void write_retrieval(FILE *out)
{
    fputs("\n# Queries of one modality in keys of another: Tables 5 and A17, Figure A12\nretrieval:\n", out);
    for (size_t i = 0; i < ZSC_RELEASE_ALIGNMENTS; i++) {
        const zsc_release_alignment *a = &zsc_release_alignments[i];
        fprintf(out, "  - label: %s\n    image: clibd/%s:image\n    dna: clibd/%s:dna\n", a->label, a->name, a->name);
    }
}

zsc_status zsc_release_write_configuration(const char *folder, double scale, uint64_t seed)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    ZSC_TRY(open_text(folder, "paper.yaml", &file));
    FILE *out = zsc_atomic_stream(file);
    fprintf(out,
            "# Made by zsc simulate --release --scale %g --seed %" PRIu64 ": SIMULATED DATA, see README\n"
            "# Paths are relative to this file.\nmetadata: %s\nimages: %s\n",
            scale, seed, ZSC_RELEASE_METADATA, ZSC_RELEASE_IMAGES);
    ZSC_TRY(write_encoders(out));
    write_retrieval(out);
    status = zsc_atomic_commit(file);
    file = NULL;
done:
    zsc_atomic_abandon(file);
    return status;
}
