-- Derived indicators join series over gaps as the computation does.

create or replace view public.v_derived_indicators as
with observed as not materialized (
    select
        m.indicator_name as series,
        m.date,
        m.value,
        m.unit,
        coalesce(m.release_date, m.date) as known_on,
        (m.date - interval '1 year')::date as year_before
    from public.macro_indicators m
), preferred as materialized (
    -- A monthly series stands in for the daily one only where that is not kept at all.
    select choice.role, choice.series
    from (values
        ('POLICY_RATE', 'DFF', null), ('POLICY_RATE', 'FEDFUNDS', 'DFF'),
        ('REAL_YIELD_10Y', 'DFII10', null), ('REAL_YIELD_10Y', 'FII10', 'DFII10'),
        ('BANK_CREDIT', 'TOTBKCR', null), ('BANK_CREDIT', 'LOANINV', 'TOTBKCR'),
        ('BUDGET_BALANCE', 'FYFSGDA188S', null), ('BUDGET_BALANCE', 'FYFSD', 'FYFSGDA188S'),
        ('CREDIT_SPREAD', 'BAA10Y', null), ('BREAKEVEN', 'T10YIE', null)
    ) choice (role, series, instead_of)
    where not exists (select from public.macro_indicators d where d.indicator_name = choice.instead_of)
), differences as materialized (
    -- instead_of names the series that, kept together, leave nothing to stand in for.
    select choice.indicator_name, choice.longer, choice.shorter, choice.max_age
    from (values
        ('TERM_SPREAD', 'DGS10', 'DGS2', 7, '{}'::text[]), ('TERM_SPREAD', 'GS10', 'GS2', 0, '{DGS10,DGS2}'),
        ('CREDIT_SPREAD', 'BAA', 'GS10', 0, '{BAA10Y}'), ('BREAKEVEN', 'GS10', 'FII10', 0, '{T10YIE}'),
        ('EMPLOYMENT_GAP', 'UNRATE', 'NROU', 100, '{}'), ('EMPLOYMENT_GAP', 'UNRATE', 'NROUST', 100, '{NROU}')
    ) choice (indicator_name, longer, shorter, max_age, instead_of)
    where choice.instead_of = '{}' or exists (
        select from unnest(choice.instead_of) better (series)
        where not exists (select from public.macro_indicators d where d.indicator_name = better.series)
    )
), budget_balance as (
    -- As a share of the economy: as it is published, or the fiscal year's sum over the product known when it was.
    select o.series, o.date, o.known_on, o.year_before, coalesce(
        app.as_fraction(o.value, o.unit), app.as_units(o.value, o.unit) / nullif(app.as_units(gdp.value, gdp.unit), 0)
    ) as value
    from observed o
    join preferred p on p.role = 'BUDGET_BALANCE' and p.series = o.series
    left join lateral app.indicator_asof('GDP', o.date, o.known_on, 250) gdp on true
), derived as (
    -- The inflation of the last month whose index, and that of a year before, were out.
    select 'REAL_INTEREST_RATE' as indicator_name, r.date, r.known_on,
        app.as_fraction(r.value, r.unit) - inflation.value as value, 'fraction' as unit
    from observed r
    join preferred p on p.role = 'POLICY_RATE' and p.series = r.series
    cross join lateral (
        select cpi.value / nullif(before.value, 0) - 1 as value
        from observed cpi
        cross join lateral app.indicator_around('CPIAUCSL', cpi.year_before, r.known_on) before
        where cpi.series = 'CPIAUCSL' and cpi.date between r.date - 120 and r.date and cpi.known_on <= r.known_on
        order by cpi.date desc
        limit 1
    ) inflation
    union all
    select d.indicator_name, longer.date, longer.known_on,
        app.as_fraction(longer.value, longer.unit) - app.as_fraction(shorter.value, shorter.unit), 'fraction'
    from differences d
    join observed longer on longer.series = d.longer
    cross join lateral app.indicator_asof(d.shorter, longer.date, longer.known_on, d.max_age) shorter
    union all
    -- Both of the same quarter, and known when both are.
    select gap.indicator_name, actual.date, greatest(actual.known_on, potential.known_on),
        app.as_units(actual.value, actual.unit) / nullif(app.as_units(potential.value, potential.unit), 0) - 1, 'fraction'
    from observed actual
    join observed potential on potential.series = 'GDPPOT' and potential.date = actual.date
    cross join (values ('GDP_GAP'), ('OUTPUT_GAP')) gap (indicator_name)
    where actual.series = 'GDPC1'
    union all
    select 'MONEY_VELOCITY', gdp.date, gdp.known_on,
        app.as_units(gdp.value, gdp.unit) / nullif(app.as_units(money.value, money.unit), 0), 'ratio'
    from observed gdp
    cross join lateral app.indicator_asof('M2SL', gdp.date, gdp.known_on, 100) money
    where gdp.series = 'GDP'
    union all
    -- The series is the surplus, so a larger deficit is a positive impulse.
    select 'FISCAL_IMPULSE', balance.date, balance.known_on, before.value - balance.value, 'fraction'
    from budget_balance balance
    join budget_balance before on before.date between balance.year_before - 7 and balance.year_before + 7
        and before.known_on <= balance.known_on
    union all
    -- The change, over a year, of a year's new credit, to the product of now: a product that grew is no impulse.
    select 'CREDIT_IMPULSE', credit.date, credit.known_on,
        (app.as_units(credit.value, credit.unit) - app.as_units(before.value, before.unit) - earlier.flow)
            / nullif(app.as_units(gdp.value, gdp.unit), 0),
        'fraction'
    from observed credit
    join preferred p on p.role = 'BANK_CREDIT' and p.series = credit.series
    cross join lateral app.indicator_around(credit.series, credit.date - 365, credit.known_on) before
    cross join lateral (
        select app.as_units(o.value, o.unit) - app.as_units(long_before.value, long_before.unit) as flow
        from observed o
        cross join lateral app.indicator_around(o.series, o.date - 365, o.known_on) long_before
        where o.series = credit.series and o.date between credit.date - 372 and credit.date - 358 and o.known_on <= credit.known_on
        order by abs(o.date - (credit.date - 365)), o.date desc
        limit 1
    ) earlier
    cross join lateral app.indicator_asof('GDP', credit.date, credit.known_on, 250) gdp
    union all
    select 'REAL_GDP_GROWTH', gdp.date, gdp.known_on, gdp.value / nullif(before.value, 0) - 1, 'fraction'
    from observed gdp
    cross join lateral app.indicator_around('GDPC1', gdp.year_before, gdp.known_on) before
    where gdp.series = 'GDPC1'
    union all
    select p.role, o.date, o.known_on, app.as_fraction(o.value, o.unit), 'fraction'
    from observed o
    join preferred p on p.role in ('CREDIT_SPREAD', 'REAL_YIELD_10Y', 'BREAKEVEN') and p.series = o.series
)
select
    derived.indicator_name,
    derived.date,
    round(derived.value, 8)::numeric(20,8) as value,
    derived.unit,
    'calculated' as source,
    derived.known_on as release_date
from derived
where derived.value is not null;

-- Replacing a view clears its options.
do $$
begin
    if current_setting('server_version_num')::integer >= 150000 then
        alter view public.v_derived_indicators set (security_invoker = true);
    end if;
end
$$;
