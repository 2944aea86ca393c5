"""What a verb file declares, and what becomes of the errors of every verb."""

from __future__ import annotations

import functools
import inspect
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, cast

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import drop_stdout, talk
from graphcorr.errors import GraphcorrError
from graphcorr.settings import FILE_NAME, Settings, load_settings, user_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphcorr.model.findings import Level

FOUND: Final = 1
"""Exit status: findings at or above ``--min-level``."""
REFUSED: Final = 2
"""Exit status: bad usage or input."""
INTERRUPTED: Final = 130
"""Exit status after Ctrl-C; after SIGTERM and SIGHUP a shell counts them in the same way, see :class:`TerminatedError`."""
CUT_OFF: Final = 141
"""Exit status when the reader of our output went away, as a shell counts SIGPIPE."""

_P = ParamSpec("_P")


class TerminatedError(KeyboardInterrupt):
    """SIGTERM or SIGHUP: it ends a run with the same clean-up as Ctrl-C, so that an ephemeral one leaves no events behind."""

    def __init__(self, number: int) -> None:
        self.status = 128 + number
        super().__init__()


def listen_for_the_end() -> None:
    """From now on whoever ends this process lets it clean up, unless it was started to ignore the signal (``nohup``)."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # not every system has both
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: object) -> None:
    # Once is enough: another one must not end the clean-up.
    signal.signal(number, signal.SIG_IGN)
    raise TerminatedError(number)


def status_of(interrupt: KeyboardInterrupt) -> int:
    """The exit status of a run that was ended from outside."""
    return interrupt.status if isinstance(interrupt, TerminatedError) else INTERRUPTED


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb, or a group of them; ``place`` orders ``graphcorr --help``."""

    name: str
    run: Callable[..., None] | typer.Typer
    place: int


def settings_of(
    context: typer.Context,
    *,
    store: str | None = None,
    min_level: Level | None = None,
    workers: int | None = None,
    patterns: Sequence[Path] | None = None,
    mapping: Sequence[Path] | None = None,
    baseline_until: str | None = None,
) -> Settings:
    """The settings of this run under the flags of a verb, None for one that was not given.

    They are read once, and not before a verb asks, so that ``--help`` helps with a wrong setting too.
    """
    if not isinstance(context.obj, Settings):
        config = context.meta.get(_CONFIG)
        context.obj = load_settings(os.environ, config)
        _name_what_is_not_obeyed(config)
    return context.obj.over(
        store=store, min_level=min_level, workers=workers, patterns=patterns, mapping=mapping, baseline_until=baseline_until
    )


_CONFIG: Final = "graphcorr.config"
"""Under which name a command's context keeps the file of ``--config``."""


def case_to_name(context: typer.Context, folder: Path, settings: Settings, output: Path | None = None) -> Path | None:
    """The case that further commands have to name: None where they take it without being told.

    One that is pasted has no ``--config``, whose state folder may have another last case; what is written into a file is read when
    another case is the last one.
    """
    from graphcorr.service import cases

    return None if output is None and _CONFIG not in context.meta and cases.is_last(folder, settings) else folder


def keep_config(context: typer.Context, config: Path | None) -> None:
    """Remember which settings file was named, before the verb's name or behind it."""
    if config is not None:
        context.meta[_CONFIG] = config


def _name_what_is_not_obeyed(config: Path | None) -> None:
    """A settings file in the current folder may be evidence: who put it there is not known."""
    here = Path(FILE_NAME)
    try:
        if not here.is_file() or here.samefile(config if config is not None else user_file()):
            return
    except OSError:
        pass  # there is none to obey, or it cannot be looked at: it is another file then
    talk(f"{FILE_NAME} in the current folder is not obeyed: it may be evidence. If it is yours, name it with --config {FILE_NAME}.")


def guard(run: Callable[_P, None]) -> Callable[_P, None]:
    """``run`` with errors told in one sentence on stderr, never as a traceback; a bug still gives one.

    A verb that asks for its context has settings, and gets ``--config``.
    """
    signature = inspect.signature(run, eval_str=True)
    has_settings = "context" in signature.parameters

    @functools.wraps(run)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            if has_settings:
                keep_config(cast("typer.Context", kwargs["context"]), cast("Path | None", kwargs.pop("config", None)))
            run(*args, **kwargs)
            sys.stdout.flush()
        except GraphcorrError as error:
            talk(f"graphcorr: {error}")
            raise typer.Exit(REFUSED) from error
        except BrokenPipeError as error:
            # `graphcorr show | head`: nobody reads any more.
            drop_stdout()
            raise typer.Exit(CUT_OFF) from error
        except OSError as error:
            # A name that is too long, a folder that was removed under one's feet: every place where a path is used would have to ask.
            place = error.filename or ("the current folder" if isinstance(error, FileNotFoundError) else None)
            talk(f"graphcorr: {place}: {error.strerror}" if place is not None else f"graphcorr: {error.strerror or error}")
            raise typer.Exit(REFUSED) from error
        except KeyboardInterrupt as interrupt:
            talk("Interrupted.")
            raise typer.Exit(status_of(interrupt)) from interrupt

    if has_settings:
        config = inspect.Parameter("config", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=options.Config)
        guarded.__annotations__ = {**run.__annotations__, "config": options.Config}
        vars(guarded)["__signature__"] = signature.replace(parameters=[*signature.parameters.values(), config])
    return guarded
