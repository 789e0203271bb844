"""How likely is each sum of two dice? Also runs as `python snippets/two_dice.py`."""

from collections import Counter

sums = Counter(first + second for first in range(1, 7) for second in range(1, 7))
for total, ways in sorted(sums.items()):
    print(f"{total:2}  {'█' * ways}  {ways}/36")
