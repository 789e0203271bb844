"""YAML as text, of which PyYAML says in many ways that it cannot be read."""

from typing import Any

import yaml


def load(text: str, loader: type[yaml.SafeLoader] = yaml.SafeLoader) -> Any:
    """What a text says; raises yaml.YAMLError alone."""
    try:
        return yaml.load(text, loader)
    except ValueError as error:  # such as of a date that no calendar has
        raise yaml.YAMLError(str(error)) from error
    except (TypeError, LookupError, AttributeError) as error:
        raise yaml.YAMLError("a value is not of the kind that its tag names") from error
    except RecursionError as error:
        raise yaml.YAMLError("it is nested too deep") from error
