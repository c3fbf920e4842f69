-- Where the server knows it (PostgreSQL 15), views read with the rights and row policies of whoever asks.
-- On PostgreSQL 14 they read as their owner, who is under the same forced policies and the same actor.

do $$
begin
    if current_setting('server_version_num')::integer >= 150000 then
        alter view public.latest_ledger_snapshot set (security_invoker = true);
        alter view public.portfolio_currency_attributions set (security_invoker = true);
        alter view public.v_derived_indicators set (security_invoker = true);
    end if;
end
$$;
