namespace Gbi.Reports;

/// <summary>The style of a report. Colours after Okabe and Ito, which colour-blind readers tell apart; light and dark.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --dim: #5a6470; --rule: #d5dae0; --card: #f4f6f8;
          --blue: #0072b2; --orange: #d55e00; --amber: #e69f00; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #14171a; --ink: #e6e9ec; --dim: #9aa4af; --rule: #353c44; --card: #1d2227;
            --blue: #56b4e9; --orange: #ff9950; --amber: #f0c24b; } }
        body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
        .dim { color: var(--dim); }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(13.5rem, 1fr)); gap: 0.8rem; margin: 1.2rem 0; }
        .card { background: var(--card); border-radius: 6px; padding: 0.8rem 1rem; }
        .card b { display: block; font-size: 1.5rem; font-weight: 600; line-height: 1.3; } .card span { color: var(--dim); font-size: 0.9rem; }
        .warning { border-left: 4px solid var(--orange); background: var(--card); padding: 0.6rem 1rem; margin: 0.6rem 0; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { border-bottom: 1px solid var(--rule); padding: 0.35rem 0.6rem; text-align: right; } th { font-weight: 600; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; } .settings td { text-align: left; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem; }
        figure { margin: 0.5rem 0; } figcaption { color: var(--dim); font-size: 0.9rem; }
        svg { width: 100%; height: auto; display: block; } svg text { fill: var(--ink); font-size: 12px; }
        .frame { fill: none; stroke: var(--ink); stroke-width: 1; }
        line.data { stroke: var(--ink); stroke-width: 1.2; } circle.data { fill: var(--ink); }
        .background { fill: var(--blue); fill-opacity: 0.3; stroke: var(--blue); stroke-width: 1; }
        .band { fill: var(--blue); fill-opacity: 0.35; stroke: none; }
        .fit { fill: none; stroke: var(--blue); stroke-width: 1.8; } .fitkey { fill: var(--blue); }
        .region { fill: var(--amber); fill-opacity: 0.22; }
        .guide { stroke: var(--dim); stroke-width: 1; stroke-dasharray: 5 4; }
        """;
}
