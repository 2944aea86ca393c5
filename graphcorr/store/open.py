"""Stores found by folder and chosen by the scheme of their URL."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

import graphcorr.store
from graphcorr.errors import UsageError
from graphcorr.settings import NOBODY
from graphcorr.store.login import hide_password

if TYPE_CHECKING:
    from graphcorr.settings import Credentials
    from graphcorr.store.base import Store


class StoreClass(Protocol):
    """What a class in this folder has to offer to be found."""

    SCHEMES: ClassVar[tuple[str, ...]]
    """URL schemes that it answers to, each claimed by one class only."""
    USAGE: ClassVar[str]
    """What its URL looks like."""

    @classmethod
    def from_url(cls, url: str, case: str | None = None, credentials: Credentials = NOBODY) -> Store: ...

    @classmethod
    def schema(cls) -> list[str]: ...


def find_stores() -> dict[str, type[StoreClass]]:
    """Scheme to class for every store in the folder; two classes with one scheme are an error of the code."""
    found: dict[str, type[StoreClass]] = {}
    for module_info in pkgutil.iter_modules(graphcorr.store.__path__, "graphcorr.store."):
        module = importlib.import_module(module_info.name)
        for _, candidate in inspect.getmembers(module, inspect.isclass):
            if candidate.__module__ != module.__name__ or not hasattr(candidate, "from_url"):
                continue
            store = cast("type[StoreClass]", candidate)
            for scheme in getattr(candidate, "SCHEMES", ()):
                if scheme in found:
                    raise RuntimeError(f"{scheme}:// is claimed by {found[scheme].__name__} and {candidate.__name__}")
                found[scheme] = store
    return found


def find_store(url: str) -> type[StoreClass]:
    """The class that a URL's scheme belongs to."""
    stores = find_stores()
    scheme, mark, _ = url.partition("://")
    if not mark or scheme not in stores:
        usages = sorted({store.USAGE for store in stores.values()})
        raise UsageError(f"{hide_password(url)!r} names no graph store; possible are {'; '.join(usages)}")
    return stores[scheme]


def open_store(url: str, case: str | None = None, credentials: Credentials = NOBODY) -> Store:
    """The store that a URL names, for the case of this id. Nothing is read or made before the store is first used."""
    return find_store(url).from_url(url, case, credentials)
