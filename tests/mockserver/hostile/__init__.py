"""The hostile corpus: documents that lie, loop, swell or break off, made by code, each with what is to become of it."""

from tests.mockserver.hostile import files, images, streams, tables, trees

PDFS = (*trees.CORPUS, *tables.CORPUS, *streams.CORPUS, *files.CORPUS)
IMAGES = tuple(images.CORPUS)
