/** The answer on the page as a file: in the forms its pattern allows and the reader has the right to. */

import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Api } from "../../api/client";
import type { PatternRequest, PatternSummary } from "../../api/patterns";
import { asProblem } from "../../api/problem";
import { me } from "../../api/queries";
import { download } from "../../lib/save";
import { useServices } from "../../services";
import { Failure } from "../../ui/Notice";
import classes from "./PatternPage.module.css";

const FORMS = [
  { form: "pdf", right: "export_pdf", label: "PDF", ending: "pdf" },
  { form: "csv", right: "export_csv", label: "CSV", ending: "csv" },
  { form: "excel", right: "export_excel", label: "Excel", ending: "xlsx" },
] as const;
type Form = (typeof FORMS)[number];

/** The file the server makes of the same request, so that it shows what the page shows. */
async function exported(api: Api, request: PatternRequest, { form }: Form): Promise<Blob> {
  const { data } = await api.POST(`/v1/patterns/{pattern_id}/export/${form}`, {
    params: { path: { pattern_id: request.patternId } },
    body: {
      portfolio_id: request.portfolioId,
      inputs: { ...request.inputs },
      ...(request.packId ? { pack_id: request.packId } : {}),
      ...(request.ledgerHash ? { ledger_commit_hash: request.ledgerHash } : {}),
    },
    parseAs: "blob",
  });
  return data as unknown as Blob;
}

type Props = { pattern: PatternSummary; request: PatternRequest };

export function Exports({ pattern, request }: Props) {
  const { api } = useServices();
  const { data: user } = useQuery(me(api));
  const making = useMutation({
    mutationFn: async (wanted: Form) =>
      download(
        `${request.packId ?? "latest"}-${request.patternId}.${wanted.ending}`,
        await exported(api, request, wanted),
      ),
  });
  const open = FORMS.filter(({ form, right }) => pattern.export_allowed[form] && user?.rights.includes(right));
  if (open.length === 0) return null;
  return (
    <>
      <fieldset className={`${classes.exports} no-print`}>
        <legend className="muted">Save as</legend>
        {open.map((each) => (
          <Button
            key={each.form}
            size="compact-sm"
            variant="default"
            loading={making.isPending && making.variables.form === each.form}
            onClick={() => making.mutate(each)}
          >
            {each.label}
          </Button>
        ))}
      </fieldset>
      {making.error && <Failure problem={asProblem(making.error)} />}
    </>
  );
}
