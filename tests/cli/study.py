"""Writes files of just the forms that the published study's code writes, small: study.py FOLDER.

zs-ssl-clustering: <split>__z<zoom>/<dataset>__<model>.npz and <split>[__maxlen<length>]/... with a pickled config, embeddings
and y_true; rows are those of a split in the order of processid. CLIBD: extracted_features_of_<split>.hdf5 with ids and labels
in it, and extracted_feature_from_<test|val>_split.hdf5 with groups, whose ids and labels are JSON. Everything there is also
in truth.npz, by split and encoder, with the ids of each split."""
import argparse
import json
import os
import sys

import h5py
import numpy as np

os.chdir(sys.argv[1])
r = np.random.default_rng(11)
SPLITS = {'train': 10, 'val': 6, 'test': 24, 'key_unseen': 8, 'val_unseen': 6, 'test_unseen': 16, 'pretrain': 5}
IMAGE = ['resnet50', 'mocov3_resnet50', 'dino_resnet50', 'vicreg_resnet50', 'clip_RN50', 'vitb16', 'mocov3_vit_base', 'dino_vitb16',
         'timm_vit_base_patch16_224.mae', 'mae_pretrain_vit_base_global', 'clip_vitb16']
DNA = ['barcodebert', 'dnabert-2', 'dnabert-s', 'hyenadna', 'NucleotideTransformer']
species = ['Apis mellifera', 'Bombus terrestris']

rows = [(f'P{k:03d}', split) for k, split in enumerate(r.permutation(np.repeat(list(SPLITS), list(SPLITS.values()))))]
code = {i: int(c) for (i, _), c in zip(rows, r.integers(0, 2, len(rows)))}
with open('meta.csv', 'w') as f:
    f.write('processid,order,family,genus,species,split\n')
    for k in r.permutation(len(rows)):  # not in the order of the ids
        i, split = rows[k]
        f.write(f'{i},Hymenoptera,Apidae,{species[code[i]].split()[0]},{species[code[i]]},{split}\n')
ids = {s: sorted(i for i, t in rows if t == s) for s in SPLITS}
ids['all'] = sorted(i for i, _ in rows)
ids['all_keys'] = sorted(ids['train'] + ids['key_unseen'])
truth = {}


def vectors(i, d):
    return (r.standard_normal((len(i), d)) + 9.0 * np.array([code[k] for k in i])[:, None]).astype('f4')


def npz(folder, split, model, x, dataset='bioscan5m', **more):
    os.makedirs(folder, exist_ok=True)
    np.savez_compressed(f'{folder}/{dataset}__{model}.npz', config=np.array(argparse.Namespace(model=model), dtype=object), embeddings=x,
                        y_true=np.array([code[i] for i in ids[split]]), **more)


for split in 'test', 'test_unseen', 'val':
    for model in IMAGE if split != 'val' else ['dino_vitb16']:
        truth[f'{split} {model}'] = x = vectors(ids[split], 4)
        npz(f'{split}__z1.0', split, model, x)
    for model in DNA:
        truth[f'{split} {model}'] = x = vectors(ids[split], 3)
        npz(f'{split}__maxlen660', split, model, x)
        npz(split, split, model, x)  # without a longest length
x = vectors(ids['all'], 4)
truth['all dino_vitb16'] = x
npz('all__z1.0', 'all', 'dino_vitb16', x)
# of another data set; flat, by what the files alone say; in folders that say nothing; numbered
npz('test__z0.875', 'test', 'dino_vitb16', truth['test dino_vitb16'], 'inaturalist')
os.makedirs('flat'), os.makedirs('words')
for split in 'test', 'test_unseen':
    for model in 'dino_vitb16', 'barcodebert':
        np.savez(f'flat/{model}_{split}.npz', embeddings=truth[f'{split} {model}'])
        np.savez(f'words/{split}__bioscan5m__{model}.npz', embeddings=truth[f'{split} {model}'])
for folder, split in ('one', 'test'), ('two', 'test_unseen'):
    os.makedirs(folder)
    for model in 'dino_vitb16', 'barcodebert':
        np.savez(f'{folder}/{model}.npz', embeddings=truth[f'{split} {model}'], processid=ids[split])
# part by part, without ids: these stay parts
os.makedirs('numbered')
x = truth['all dino_vitb16']
np.save('numbered/part1.npy', x[:20]), np.save('numbered/part2.npy', x[20:40])
# other encoders of the same rows, as HDF5
os.makedirs('h5')
for model in 'dino_vitb16', 'barcodebert':
    with h5py.File(f'h5/{model}.h5', 'w') as h:
        h['id'] = [i.encode() for i in ids['test']]
        h[f'embeddings/{model}'] = truth[f'test {model}']

# --- CLIBD
S = {'seen_test': 'test', 'unseen_test': 'test_unseen', 'seen_val': 'val', 'unseen_val': 'val_unseen', 'seen_keys': 'train', 'unseen_keys': 'key_unseen',
     'all_keys': 'all_keys'}
os.makedirs('clibd')
for name, split in S.items():
    i = list(r.permutation(ids[split]))
    with h5py.File(f'clibd/extracted_features_of_{name}.hdf5', 'w') as h:
        for rank, value in ('order', 'Hymenoptera'), ('family', 'Apidae'):
            h.create_dataset(f'{rank}_list', data=[value.encode() for _ in i])
        h.create_dataset('genus_list', data=[species[code[k]].split()[0].encode() for k in i])
        h.create_dataset('species_list', data=[species[code[k]].encode() for k in i])
        h.create_dataset('processid', data=[k.encode() for k in i])
        h.create_dataset('encoded_image_feature', data=vectors(i, 4).astype('f8'))
        h.create_dataset('encoded_dna_feature', data=vectors(i, 4).astype('f8'))
        truth[f'{name} image'], truth[f'{name} dna'] = h['encoded_image_feature'][:], h['encoded_dna_feature'][:]
    ids[name] = i
for name in 'test', 'val':
    os.makedirs(f'eval_{name}')
    groups = {'seen': ids[name], 'unseen': ids[f'{name}_unseen'], 'key': ids['all_keys']}
    with h5py.File(f'eval_{name}/extracted_feature_from_{name}_split.hdf5', 'w') as h:
        for group, i in groups.items():
            x, y = vectors(i, 4).astype('f8'), vectors(i, 4).astype('f8')
            g = h.create_group(group)
            g.create_dataset('encoded_image_feature', data=x)
            g.create_dataset('encoded_dna_feature', data=y)
            g.create_dataset('averaged_feature', data=np.mean([x, y], axis=0))
            g.create_dataset('concatenated_feature', data=np.concatenate((x, y), axis=1))
            if group == 'key':
                g.create_dataset('all_key_features', data=np.concatenate((x, y, x)))
            for kind in 'image', 'dna':
                truth[f'{name} {group} {kind}'] = x if kind == 'image' else y
            truth[f'{name} {group} averaged'] = (x + y) / 2
            truth[f'{name} {group} concatenated'] = np.hstack((x, y))
    with open(f'eval_{name}/processed_id_{name}.json', 'w') as f:
        json.dump({f'{g}_id_list': i for g, i in groups.items()}, f, indent=4)
    with open(f'eval_{name}/labels_{name}.json', 'w') as f:
        json.dump({f'{g}_gt_dict': [{'order': 'Hymenoptera', 'family': 'Apidae', 'genus': species[code[k]].split()[0], 'species': species[code[k]]}
                                    for k in i] for g, i in groups.items()}, f, indent=4)
for key, i in ids.items():
    truth[f'ids {key}'] = np.array(i)
np.savez('truth.npz', **truth)
