"""The reliability plot as SVG: how often the first actor was right, against how sure the model was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from benchmarks.attribution.fitting import Quality

_SIDE: Final = 360
_EDGE: Final = 50
_COLORS: Final = ("#1f5fa8", "#c4541a")


def draw(series: dict[str, Quality]) -> str:
    """One line a series; the area of a mark goes with its number of cases, and each has a title to point at."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE + 2 * _EDGE} {_SIDE + 2 * _EDGE}" role="img">',
        "<title>Reliability of the attribution model</title><style>text {font: 12px sans-serif}</style>",
        f'<rect width="{_SIDE + 2 * _EDGE}" height="{_SIDE + 2 * _EDGE}" fill="#ffffff"/>',
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#999999" stroke-dasharray="4 4"/>',
    ]
    for tick in range(0, 11, 2):
        at = tick / 10
        parts.append(f'<text x="{_x(at)}" y="{_y(0) + 18}" text-anchor="middle">{at:.1f}</text>')
        parts.append(f'<text x="{_x(0) - 8}" y="{_y(at) + 4}" text-anchor="end">{at:.1f}</text>')
        parts.append(f'<path d="M{_x(at)} {_y(0)}V{_y(1)}M{_x(0)} {_y(at)}H{_x(1)}" stroke="#e4e4e4" fill="none"/>')
    parts.append(f'<text x="{_x(0.5)}" y="{_y(0) + 38}" text-anchor="middle">probability given</text>')
    parts.append(f'<text transform="translate(14 {_y(0.5)}) rotate(-90)" text-anchor="middle">share that was right</text>')
    for place, ((name, quality), color) in enumerate(zip(series.items(), _COLORS, strict=False)):
        points = " ".join(f"{_x(chance)},{_y(share)}" for chance, share, _ in quality.bins)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        for chance, share, count in quality.bins:
            mark = f'cx="{_x(chance)}" cy="{_y(share)}" r="{2 + count**0.5 / 3:.1f}" fill="{color}" fill-opacity="0.75"'
            parts.append(f"<circle {mark}><title>{count} cases: given {chance:.2f}, right {share:.2f}</title></circle>")
        parts.append(f'<text x="{_x(0) + 10}" y="{_y(1) + 16 + 16 * place}" fill="{color}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _x(value: float) -> float:
    return round(_EDGE + value * _SIDE, 1)


def _y(value: float) -> float:
    return round(_EDGE + (1 - value) * _SIDE, 1)
