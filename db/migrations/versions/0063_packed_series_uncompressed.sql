-- A packed series is rewritten whenever one of its days changes, and compressing its columns took most of that time.

alter table app.portfolio_nav_series
    alter column dates set storage external,
    alter column nav set storage external,
    alter column cash set storage external,
    alter column securities_value set storage external,
    alter column total_pl set storage external,
    alter column daily_pl set storage external,
    alter column net_external_flow set storage external;
