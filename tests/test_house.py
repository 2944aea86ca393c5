"""The house rules that a machine can hold us to: direction of imports, size, words at the top, nothing half-done."""

from __future__ import annotations

import ast
import graphlib
import re
from pathlib import Path

import pytest

from graphcorr.facts.catalog import facts
from graphcorr.graph.project import declared
from graphcorr.graph.shown import shown_name
from graphcorr.logs.catalog import log_types
from graphcorr.resolve.given import GIVEN

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "graphcorr"
ROOMS = (
    *(
        "model",
        "errors",
        "settings",
        "machine",
        "memory",
        "locks",
        "sqlite",
        "syntax",
        "sources",
        "logs",
        "case",
        "engine",
        "resolve",
        "facts",
        "links",
        "graph",
        "store",
        "patterns",
        "findings",
    ),
    *("paths", "browser", "intel", "attribution", "outputs", "simulate", "detection", "service", "cli"),
)
"""In the order in which a room may import: itself and what stands before it."""
MODULES = sorted(PACKAGE.rglob("*.py"))
OURS = sorted(path for folder in ("graphcorr", "api", "tests", "benchmarks", "examples") for path in (REPOSITORY / folder).rglob("*.py"))
TEXTS = sorted(
    path
    for pattern in (
        "*.md",
        "*.toml",
        "*.lock",
        "Makefile",
        ".ci/*",
        "docs/**/*.md",
        "docker/*",
        ".github/**/*.*",
        ".pre-commit-config.yaml",
        "cypher/**/*.cypher",
        "cypher/**/*.y*ml",
        "examples/**/*.cypher",
        "examples/**/*.y*ml",
    )
    for path in REPOSITORY.glob(pattern)
    if path.is_file()
)
WARN_LINES, MOST_LINES = 400, 800


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.Module) -> set[str]:
    """The rooms that a module imports, anywhere in it: at the top, for the type checker alone, inside a function."""
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            modules.add(node.module)
            modules |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "graphcorr"}
    return {parts[1] for module in modules if (parts := module.split("."))[0] == "graphcorr" and len(parts) > 1} & set(ROOMS)


def test_a_room_imports_only_what_stands_before_it() -> None:
    """``from graphcorr.cli …`` in ``graphcorr/sources`` would make the order a lie."""
    wrong = [
        f"{name(path)} imports {room}"
        for path in MODULES
        if (own := room_of(path)) in ROOMS
        for room in imported_rooms(parse(path))
        if ROOMS.index(room) > ROOMS.index(own)
    ]
    assert wrong == []


def test_every_room_has_its_place_in_the_order() -> None:
    assert {room_of(path) for path in MODULES} - {"__init__"} <= set(ROOMS)


def test_imported_rooms_sees_every_way_to_import() -> None:
    text = """
import graphcorr.cli
from graphcorr import service
if TYPE_CHECKING:
    from graphcorr.graph.kinds import Node
def later():
    import graphcorr.store.base
"""
    assert imported_rooms(ast.parse(text)) == {"cli", "service", "graph", "store"}


def imported_modules(tree: ast.Module, known: set[str]) -> set[str]:
    """The modules of ours that a module imports when it runs, at once or inside a function; not for the type checker alone."""
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    named: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            beneath = {f"{node.module}.{alias.name}" for alias in node.names} & known
            named |= beneath or {node.module}
    return named & known


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Such a circle runs as long as nobody imports its other half first."""
    names = {".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}
    graph = {module: imported_modules(parse(path), set(names)) - {module} for module, path in names.items()}
    assert find_circle(graph) is None


def find_circle(graph: dict[str, set[str]]) -> list[str] | None:
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return None


def test_a_circle_is_seen_and_one_for_the_type_checker_is_none() -> None:
    bodies = {"p.a": "from p import b", "p.b": "def later():\n    from p.c import x", "p.c": "import p.a"}
    seen = {name: imported_modules(ast.parse(body), set(bodies)) for name, body in bodies.items()}
    assert find_circle(seen) is not None
    bodies["p.c"] = "if TYPE_CHECKING:\n    import p.a"
    assert find_circle({name: imported_modules(ast.parse(body), set(bodies)) for name, body in bodies.items()}) is None


MAY_CALL = {"cli", "service", "outputs", "model", "errors", "settings"}
"""What the command line and the API are made of."""
API = sorted((REPOSITORY / "api").rglob("*.py"))


def test_the_command_line_and_the_api_are_thin() -> None:
    """A verb or a call that goes past the service has a capability that no other interface gets."""
    modules = [*(path for path in MODULES if room_of(path) == "cli"), *API]
    wrong = [f"{name(path)} imports {room}" for path in modules for room in sorted(imported_rooms(parse(path)) - MAY_CALL)]
    assert wrong == []
    assert [name(path) for path in API if "cli" in imported_rooms(parse(path))] == []


def test_only_serve_imports_the_api_and_not_before_it_serves() -> None:
    """Every other verb would start later for it."""
    asking = {name(path) for path in MODULES for node in ast.walk(parse(path)) if imports_the_api(node)}
    assert asking == {"graphcorr/cli/serve.py"}
    assert not any(map(imports_the_api, parse(PACKAGE / "cli" / "serve.py").body))


def imports_the_api(node: ast.AST) -> bool:
    names = (
        [node.module or ""]
        if isinstance(node, ast.ImportFrom)
        else [each.name for each in getattr(node, "names", ()) if isinstance(each, ast.alias)]
    )
    return any(each.split(".")[0] in {"graphcorr_api", "fastapi", "starlette", "uvicorn"} for each in names)


READS_THE_ENVIRONMENT = {
    "graphcorr/cli/verb.py",  # makes the settings of a run
    "graphcorr/cli/delivery.py",  # NO_COLOR and TERM, which are the terminal's
}


def test_nothing_in_the_depth_reads_the_environment() -> None:
    """What a run depends on is passed in: a service in one process answers several callers with different settings."""
    asking = {
        name(path)
        for path in (*MODULES, *API)
        for node in ast.walk(parse(path))
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (isinstance(node, ast.alias) and node.name in {"environ", "environb", "getenv"})
    }
    assert asking == READS_THE_ENVIRONMENT


def test_one_module_asks_which_system_it_runs_on() -> None:
    """What differs between systems is decided in one place, where it can be tested."""
    asking = {
        name(path)
        for path in MODULES
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("os", "name"), ("sys", "platform")}
    }
    assert asking == {"graphcorr/machine.py"}


def test_one_log_type_is_one_file() -> None:
    """``LOG_TYPE`` is defined once in each file of a product's folder, and nowhere else."""
    folder = PACKAGE / "logs"
    for path in sorted(folder.rglob("*.py")):
        defined = [
            node
            for node in ast.walk(parse(path))
            if isinstance(node, ast.Name) and node.id == "LOG_TYPE" and isinstance(node.ctx, ast.Store)
        ]
        assert len(defined) == (1 if path.parent != folder and path.name != "__init__.py" else 0), name(path)


def test_no_log_is_named_outside_of_logs() -> None:
    """What a log tells of stands in its testimonies: a name in a query would leave out the next log that tells the same."""
    found = {name(path) for path in MODULES if room_of(path) not in {"logs", "simulate"} and logs_named_in(path)}
    assert found == set()


def logs_named_in(path: Path) -> list[str]:
    """What stands in quotes and looks like the name of a log type, or a beginning of some."""
    families = sorted({log.split("-")[0] for log in log_types()})
    return re.findall(rf"""["']((?:{"|".join(families)})-[a-z0-9_%-]+)["']""", path.read_text(encoding="utf-8").replace('"""', ""))


def test_every_declared_table_has_a_small_test() -> None:
    """A table of links is tried with a few rows and no hunt; relations of facts and what the graph shows of them are tried by kind."""
    of_kinds = {name for kind in facts() for name in (kind.value, f"{kind.value}Covered", shown_name(kind.value), f"told_{kind.value}")}
    files = (REPOSITORY / "tests" / "links").glob("test_tables_*.py")
    calls = [node for file in files for node in ast.walk(parse(file)) if isinstance(node, ast.Call)]
    tries = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "tried"]
    tried = {call.args[0].value for call in tries if isinstance(call.args[0], ast.Constant)}
    assert declared(()).keys() - of_kinds - {table.name for table in GIVEN} - tried == set()


def test_code_names_only_log_types_that_there_are() -> None:
    """A misspelled one in a query matches no event: its chains are missed in silence."""
    known = set(log_types())
    wrong = [f"{name(path)}: {found}" for path in MODULES for found in logs_named_in(path) if found not in known and "%" not in found]
    assert wrong == []


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = re.compile(r"(utils?|helpers?|manager|misc|common|base_.*)\.py")
    assert [name(path) for path in OURS if drawers.fullmatch(path.name)] == []


def test_modules_are_small() -> None:
    """Above 400 lines a module is to be split; until then it has to be named here, with nothing above 800."""
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in OURS}
    assert {path: size for path, size in sizes.items() if size > MOST_LINES} == {}
    assert {path for path, size in sizes.items() if size > WARN_LINES} <= LARGE_MODULES


LARGE_MODULES: set[str] = set()
"""Modules above 400 lines that are known and to be split."""


@pytest.mark.parametrize("path", [path for path in OURS if path.read_text(encoding="utf-8").strip()], ids=name)
def test_the_first_line_says_what_the_module_is_for(path: Path) -> None:
    docstring = ast.get_docstring(parse(path))
    assert docstring is not None, "no docstring"
    assert len(docstring.splitlines()[0].split()) >= 3, docstring.splitlines()[0]


def test_errors_are_caught_by_name() -> None:
    """``except Exception`` turns a bug into a result that looks clean. Undoing something and raising it again is none of that."""
    broad = [
        f"{name(path)}:{node.lineno}"
        for path in OURS
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler)
        and not _raises_again(node)
        and any(isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"} for caught in _caught(node.type))
    ]
    assert broad == []


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _caught(node: ast.expr | None) -> list[ast.expr]:
    if node is None:
        return [ast.Name("BaseException")]
    return node.elts if isinstance(node, ast.Tuple) else [node]


def test_nothing_is_half_done() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b|raise NotImplementedError|#\s*stub\b", re.IGNORECASE)
    assert lines_that_match(marks, [path for path in OURS if path != Path(__file__)]) == []


def test_only_the_command_line_and_the_outputs_print() -> None:
    calls = [
        f"{name(path)}:{node.lineno}"
        for path in (*MODULES, *API)
        if path in API or (room_of(path) not in {"cli", "outputs"} and not _is_run_by_hand(path))
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert calls == []


def _is_run_by_hand(path: Path) -> bool:
    """A module with its own ``__main__`` part, as the one that writes a table of the docs."""
    return '__name__ == "__main__"' in path.read_text(encoding="utf-8")


def test_no_path_of_one_machine_and_no_package_index() -> None:
    """A clone has to work anywhere: nothing may point to where it was written."""
    hosts = re.compile("|".join(("https?://[^ ]*" + "pypi", "files." + "pythonhosted", "--index" + "-url", "--extra-index" + "-url")))
    paths = re.compile("(?<![\\w.`$}])(" + "|".join(("/home" + "/", "/root" + "/", "/work" + "/", "/tmp" + "/spike")) + ")\\w")
    everything = [path for path in (*OURS, *TEXTS) if path != Path(__file__)]
    # The Makefile names uv's option that keeps the index out of the lock file.
    assert [line for line in lines_that_match(hosts, everything) if "--no-emit" not in line] == []
    assert lines_that_match(paths, everything) == []


def lines_that_match(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{name(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
