"""File formats: every way a log may lie on disk, read into :class:`graphcorr.model.records.Record`.

``inputs.discover`` finds what there is to read (files, folders, globs, archives, standard input), ``reading.read``
reads one input. A format is one file in this folder with a ``FORMAT``, a JSON shape one file in ``shapes/`` with a
``SHAPE``; both are found by folder, and two that claim the same content are an error, never a matter of order.

What this room promises: one bad record loses only itself and is explained (``on_skip``), one bad file loses only
itself and is explained (``Reading.status`` and ``reason``), memory does not grow with the input, and no content is
guessed: bytes that are no UTF-8 are a skip, not mojibake. What records mean is the business of ``normalize``.
"""
