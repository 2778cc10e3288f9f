"""Making the toxicity model: from a public encoder and a Dutch corpus to the files in ``data/model``.

Nothing outside this package imports it, save the command line when somebody asks for ``klaswacht model train``:
torch and transformers come with the extra ``klaswacht[train]``, a school's server runs without them.
"""
