/** What a reader may do about what a panel shows: a button, a question, and only then the request. */

import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { me } from "../../api/queries";
import type { components } from "../../api/schema";
import { useServices } from "../../services";
import { Icon } from "../../ui/icons";
import { Failure } from "../../ui/Notice";
import classes from "./Actions.module.css";

export type Action = components["schemas"]["Action"];

type Send = (method: string, path: string, init: { body?: unknown }) => Promise<unknown>;

/** The route comes with the answer, so no type of the client names it; the server still checks what is sent. */
export function take(api: Api, action: Action): Promise<unknown> {
  const method = action.method.toLowerCase();
  const send = api.request as unknown as Send;
  return send(method, action.route, action.payload === null ? {} : { body: action.payload });
}

type Props = { actions: readonly Action[]; about: string };

/** The actions the reader has the rights for. `about` names what they are about, for those who hear the buttons one by one. */
export function Actions({ actions, about }: Props) {
  const { api } = useServices();
  const { data: user } = useQuery(me(api));
  const open = actions.filter((action) => action.rights.every((right) => user?.rights.includes(right)));
  if (open.length === 0) return null;
  return (
    <div className={`${classes.actions} no-print`}>
      {open.map((action) => (
        <ActionButton
          key={`${action.kind} ${action.route} ${JSON.stringify(action.payload)}`}
          action={action}
          about={about}
        />
      ))}
    </div>
  );
}

function ActionButton({ action, about }: { action: Action; about: string }) {
  const { api, queries } = useServices();
  const [asking, question] = useDisclosure(false);
  const request = useMutation({
    mutationFn: () => take(api, action),
    onSuccess: () => {
      question.close();
      void queries.invalidateQueries();
    },
  });
  const problem = request.error && asProblem(request.error);
  const ask = () => {
    request.reset();
    question.open();
  };
  return (
    <>
      {request.isSuccess ? (
        <p className={classes.done} role="status">
          <Icon name="check" size={14} /> {action.done}
        </p>
      ) : (
        <Button size="compact-sm" variant="default" onClick={ask} aria-label={`${action.label}: ${about}`}>
          {action.label}
        </Button>
      )}
      <Modal
        opened={asking}
        onClose={question.close}
        title={action.label}
        size="md"
        lockScroll={false}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <p className={classes.about}>{about}</p>
        <p>{action.confirmation}</p>
        {problem && <Failure problem={problem} />}
        <div className={classes.answers}>
          <Button size="sm" variant="default" onClick={question.close}>
            Cancel
          </Button>
          <Button size="sm" onClick={() => request.mutate()} loading={request.isPending} data-autofocus>
            {action.label}
          </Button>
        </div>
      </Modal>
    </>
  );
}
