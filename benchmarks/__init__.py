"""How fast Provenote is beside other tools: `python benchmarks/engine.py`, `.../site.py`."""
