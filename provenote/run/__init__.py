"""Run sessions: the only room that starts processes or keeps a store.

`sessions.run` is its door. Three kinds of process work together:

- the build (`sessions`, `fingerprint`, `store`, `pool`, `results`) decides what must run;
- a server (`server`, `child`), its own interpreter, loads NumPy and matplotlib
  once, forks a child for each session and watches over it;
- the child (`worker` and what it imports) runs the author's code.

They speak `protocol`. What server and child import stays light: nothing of it
may come from the rooms before this one.
"""
