"""Reads a folder of `zsc simulate --release` as others do: release.py FOLDER. Shapes, ids, labels, and where images are."""
import csv
import glob
import hashlib
import os
import sys

import h5py
import numpy as np

os.chdir(sys.argv[1])
IMAGE = {'resnet50': 2048, 'mocov3_resnet50': 2048, 'dino_resnet50': 2048, 'vicreg_resnet50': 2048, 'clip_RN50': 1024, 'vitb16': 768, 'mocov3_vit_base': 768,
         'dino_vitb16': 768, 'timm_vit_base_patch16_224.mae': 768, 'mae_pretrain_vit_base_global': 768, 'clip_vitb16': 512, 'random_resnet50': 2048}
DNA = {'barcodebert': 768, 'dnabert-2': 768, 'dnabert-s': 768, 'hyenadna': 128, 'NucleotideTransformer': 512}
CHUNK = {'pretrain': 2, 'train': 1, 'other_heldout': 1}

rows = list(csv.DictReader(open('bioscan5m/metadata/csv/BIOSCAN_5M_Insect_Dataset_metadata.csv')))
assert len(rows) == 5151
of = {r['processid']: r for r in rows}
assert len(of) == len(rows)
ids = {}
for r in rows:
    ids.setdefault(r['split'], []).append(r['processid'])
    assert r['simulated'] == '1' and r['taxon'] and r['country']
    assert r['chunk'] == hashlib.md5(r['processid'].encode()).hexdigest()[:CHUNK.get(r['split'], 0)]
    assert (r['species'] == '') == (r['split'] == 'pretrain')
assert set(ids) == {'pretrain', 'train', 'val', 'test', 'key_unseen', 'val_unseen', 'test_unseen', 'other_heldout'}
for a in 'train', 'val', 'test':  # species of seen and unseen splits differ
    for b in 'key_unseen', 'val_unseen', 'test_unseen', 'other_heldout':
        assert not {of[i]['species'] for i in ids[a]} & {of[i]['species'] for i in ids[b]}

for folder, models, splits in ('z1.0', IMAGE, ['test', 'test_unseen']), ('maxlen660', DNA, ['train', 'val', 'test', 'val_unseen', 'test_unseen']):
    for split in splits:
        found = {os.path.basename(f)[len('bioscan5m__'):-len('.npz')] for f in glob.glob(f'embeddings/{split}__{folder}/*')}
        assert found == set(models), found
        for model, d in models.items():
            z = np.load(f'embeddings/{split}__{folder}/bioscan5m__{model}.npz')
            x, y = z['embeddings'], z['y_true']
            assert x.shape == (len(ids[split]), d) and x.dtype == np.float32 and np.isfinite(x).all() and y.shape == (len(x),)
            species = [of[i]['species'] for i in sorted(ids[split])]
            assert len(set(zip(y.tolist(), species))) == len(set(species)) == len(set(y.tolist()))
            if models is DNA:  # a vector says the barcode
                barcode = [of[i]['dna_barcode'].rstrip('N') for i in sorted(ids[split])]
                assert len({v.tobytes() for v in x}) <= len(set(barcode)) + sum(set(b) != set('ACGT') for b in barcode)

CLIBD = {'seen_keys': 'train', 'unseen_keys': 'key_unseen', 'seen_test': 'test', 'unseen_test': 'test_unseen'}
for model in 'no_alignment_baseline', 'image_dna_text_4gpu':
    for name, split in CLIBD.items():
        with h5py.File(f'clibd/{model}/extracted_features_of_{name}.hdf5') as h:
            assert h['processid'].asstr()[:].tolist() == ids[split]
            for rank in 'order', 'family', 'genus', 'species':
                assert h[f'{rank}_list'].asstr()[:].tolist() == [of[i][rank] for i in ids[split]]
            for kind in 'image', 'dna':
                x = h[f'encoded_{kind}_feature']
                assert x.shape == (len(ids[split]), 768) and x.dtype == np.float32 and np.isfinite(x[:]).all()

images = glob.glob('bioscan5m/images/cropped_256/**/*.jpg', recursive=True)
assert len(images) == sum(len(ids[s]) for s in CLIBD.values())
for f in images:
    r = of[os.path.basename(f)[:-4]]
    assert f == os.path.join('bioscan5m/images/cropped_256', r['split'], r['chunk'], r['processid'] + '.jpg').replace('//', '/')
    data = open(f, 'rb').read()
    assert data[:2] == b'\xff\xd8' and data[-2:] == b'\xff\xd9'
try:
    import PIL.Image
except ImportError:
    print('images are not decoded: no PIL')
    sys.exit()
colour = {}
for f in images:
    with PIL.Image.open(f) as image:
        x = np.asarray(image.convert('RGB'), float)
    assert x.shape == (96, 128, 3) and x[:8].mean() > 170 and x[40:56, 56:72].std() > 5
    colour.setdefault(of[os.path.basename(f)[:-4]]['species'], []).append(x[32:64, 48:80].mean((0, 1)))
several = [np.array(c) for c in colour.values() if len(c) > 4]
within = np.mean([c.std(0) for c in several])
assert within < 0.5 * np.std([c.mean(0) for c in several], axis=0).mean(), within  # a species has a colour
