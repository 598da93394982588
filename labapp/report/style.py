"""How a report looks: the window's own colours, by the reader's preference, and light on paper."""

from __future__ import annotations

LIGHT = """--app:#f2f4f7;--surface:#fff;--sunken:#e9edf2;--text:#1a2332;--text2:#4b5768;--text3:#5f6b7d;
--accent:#0a5fb4;--pass:#00704f;--passBg:#ddf3ea;--fail:#b93815;--failBg:#fce8e1;--warn:#8a5300;
--warnBg:#fff1d2;--sim:#6a3fb5;--simBg:#eee7fa;--border:#d3dae3;--borderS:#7f8b9b;--on:#fff;
--p0:#0072b2;--p1:#b87400;--p2:#00967a;--p3:#a8478f;--p4:#2e3d9b;--p5:#5b6472;color-scheme:light"""
DARK = """--app:#10151d;--surface:#18202b;--sunken:#0b0f15;--text:#e8edf4;--text2:#aeb9c7;--text3:#8f9bab;
--accent:#6ab0ff;--pass:#3ccb9a;--passBg:#0f3328;--fail:#ff8a65;--failBg:#40201a;--warn:#f2b84b;
--warnBg:#3a2d12;--sim:#b79cf5;--simBg:#2c2147;--border:#2c3745;--borderS:#66748a;--on:#10151d;
--p0:#56b4e9;--p1:#f0b83c;--p2:#2fc79a;--p3:#db7fbf;--p4:#8c9bff;--p5:#a9b4c2;color-scheme:dark"""
FAMILIES = (
    '"Microsoft YaHei UI","PingFang SC","HarmonyOS Sans SC","Noto Sans CJK SC","Noto Sans SC",'
    '"Source Han Sans SC","WenQuanYi Micro Hei",system-ui,sans-serif'
)
RULES = f"""
*{{box-sizing:border-box}}
body{{margin:0;background:var(--app);color:var(--text);font:14px/22px {FAMILIES};
 font-variant-numeric:tabular-nums;overflow-wrap:anywhere}}
html[lang=en] body{{font-family:"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",{FAMILIES}}}
main{{max-width:1080px;margin:0 auto;padding:16px}}
h1{{font-size:20px;line-height:28px;margin:0}}h2{{font-size:15px;margin:0}}
h3{{font-size:14px;margin:0}}
p{{margin:0}}
.card{{background:var(--surface);border:1px solid var(--border);border-radius:8px;padding:14px 18px;
 margin:0 0 12px}}
.top{{display:flex;gap:12px;align-items:baseline;flex-wrap:wrap;margin:0 2px 12px}}
.caption{{font-size:12px;line-height:18px;color:var(--text2)}}
.verdict{{display:flex;gap:24px;flex-wrap:wrap}}.verdict>.say{{flex:1 1 320px}}
.score{{font-size:38px;line-height:44px;font-weight:700}}.score small{{font-size:14px;font-weight:400}}
.say p{{font-weight:700;margin-top:8px}}.meta{{text-align:right;max-width:360px}}
.chip{{display:inline-flex;gap:6px;align-items:center;border-radius:13px;padding:2px 12px;
 font-weight:700;margin-right:8px;white-space:nowrap}}
.icon{{width:16px;height:16px;flex:none;vertical-align:-3px;fill:currentColor}}
.met{{color:var(--pass)}}.not_met{{color:var(--fail)}}
.inconclusive,.not_exercised,.error{{color:var(--warn)}}
.chip.met{{background:var(--passBg)}}.chip.not_met{{background:var(--fail);color:var(--on)}}
.chip.inconclusive,.chip.not_exercised,.chip.error{{background:var(--warnBg)}}
.chip.sim{{background:var(--simBg);color:var(--sim)}}.chip.plain{{background:var(--sunken)}}
table{{border-collapse:collapse;width:100%}}
th{{font-size:12px;font-weight:400;color:var(--text3);text-align:left;padding:4px 8px}}
td{{border-top:1px solid var(--border);padding:6px 8px;vertical-align:top}}
.number{{text-align:right;white-space:nowrap}}.strong{{font-weight:700}}
tr a{{color:inherit;text-decoration:none}}a:focus-visible{{outline:2px solid var(--accent)}}
tfoot td{{font-weight:700}}
.goal{{display:grid;grid-template-columns:1fr 48px;gap:2px 8px;margin-top:8px}}
.goal svg{{grid-column:1/3;width:100%;height:14px}}
.item{{break-inside:avoid}}.item>summary{{cursor:pointer;list-style-position:inside}}
.item h3{{display:inline}}.item .points{{float:right;font-weight:700}}
dl{{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:10px 0 0}}
dt{{font-weight:700;color:var(--text2)}}dd{{margin:0}}
.cites{{margin-top:6px}}.cites td,.cites th{{padding:2px 8px;font-size:12px;line-height:18px}}
.code{{font-family:"Cascadia Mono",Consolas,"Noto Sans Mono CJK SC",monospace;font-size:12px}}
.plot{{display:block;width:100%;height:auto;margin-top:8px;font-size:11px}}
.plot text{{fill:var(--text2);paint-order:stroke;stroke:var(--surface);stroke-width:3px;
 stroke-linejoin:round}}.plot .grid{{stroke:var(--border);stroke-width:1}}
.plot .axis{{stroke:var(--borderS);stroke-width:1;fill:none}}
.plot .limit{{stroke:var(--fail);stroke-width:1.3;stroke-dasharray:6 4}}
.plot .limit-name{{fill:var(--fail)}}.plot .event{{stroke:var(--text3);stroke-dasharray:2 3}}
.plot .held{{fill:var(--pass);opacity:.14}}.plot .broken{{fill:url(#hatch-fail)}}
.plot .context{{fill:var(--accent);opacity:.10}}.plot .open{{fill:url(#hatch-warn)}}
.plot .gap{{fill:url(#hatch-gap)}}
.plot .edge-fail{{stroke:var(--fail)}}.plot .edge-warn{{stroke:var(--warn)}}
.plot .curve{{fill:none;stroke-width:1.8;stroke-linejoin:round}}.plot .on{{opacity:.22}}
.defs{{position:absolute;width:0;height:0}}
.hatch-fail{{stroke:var(--fail)}}.hatch-warn{{stroke:var(--warn)}}.hatch-gap{{stroke:var(--borderS)}}
@media (max-width:640px){{.meta{{text-align:left;max-width:none}}.wide{{display:none}}}}
@page{{size:A4;margin:14mm}}
@media print{{main{{max-width:none;padding:0}}.card{{break-inside:avoid}}.card.long{{break-inside:auto}}
 *{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}}}
"""
SERIES = 6
SERIES_RULES = "".join(
    f".plot .s{n}{{stroke:var(--p{n})}}.plot text.t{n}{{fill:var(--p{n});font-weight:700}}"
    f".f{n}{{fill:var(--p{n})}}"
    for n in range(SERIES)
)
SHEET = (
    f":root{{{LIGHT}}}@media screen and (prefers-color-scheme:dark){{:root{{{DARK}}}}}"
    f"{RULES}{SERIES_RULES}"
)

_HATCHES = "".join(
    f'<pattern id="hatch-{tone}" width="7" height="7" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><path class="hatch-{tone}" d="M0 0V7" stroke-width="1.6"/>'
    "</pattern>"
    for tone in ("fail", "warn", "gap")
)
# One shape for each outcome, so that none is told by colour alone.
_SHAPES = {
    "met": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 11.2 3.9 8.1l1.2-1.2L7 8.8l4-4 1.2 1.2z",
    "not_met": "M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1zM5.4 4.3 4.3 5.4 6.9 8l-2.6 2.6 1.1 "
    "1.1L8 9.1l2.6 2.6 1.1-1.1L9.1 8l2.6-2.6-1.1-1.1L8 6.9z",
    "inconclusive": "M8 .6 15.4 8 8 15.4.6 8zM7.2 10.6v1.6h1.6v-1.6zM8 3.9a2.4 2.4 0 0 0-2.4 2.4"
    "h1.5a.9.9 0 1 1 1.4.8C7.6 7.700 7.200 8.300 7.200 9.600h1.500c0-.9.3-1.200.8-1.600A2.400 "
    "2.400 0 0 0 8 3.900z",
    "not_exercised": "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM8 2.700a5.300 5.300 0 0 1 3.200 1.100"
    "L3.800 11.200A5.300 5.300 0 0 1 8 2.700zM8 13.300a5.300 5.300 0 0 1-3.200-1.100l7.400-7.400"
    "A5.300 5.300 0 0 1 8 13.300z",
    "error": "M8 1 15.500 14.500H.5zM7.200 6v4.200h1.600V6zM7.200 11.300v1.600h1.600v-1.600z",
}
DRAWINGS = (
    '<svg class="defs" aria-hidden="true"><defs>'
    + _HATCHES
    + "".join(
        f'<symbol id="i-{name}" viewBox="0 0 16 16"><path fill-rule="evenodd" d="{path}"/></symbol>'
        for name, path in _SHAPES.items()
    )
    + "</defs></svg>"
)
