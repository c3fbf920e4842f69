/** A button that asks before it acts: what will happen, with a reason where one is kept, and what went wrong beside it. */

import { Button, Modal, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { asProblem } from "../../api/problem";
import { useServices } from "../../services";
import { Failure } from "../../ui/Notice";
import classes from "./Records.module.css";

type Props = {
  label: string;
  /** What it is about, for those who hear the buttons one by one. */
  about: string;
  question: ReactNode;
  /** The label of the reason that is asked for and kept; without one nothing is asked. */
  reason?: string;
  run: (reason: string) => Promise<unknown>;
};

export function Ask({ label, about, question, reason, run }: Props) {
  const { queries } = useServices();
  const [asking, dialog] = useDisclosure(false);
  const [words, setWords] = useState("");
  const request = useMutation({
    mutationFn: () => run(words.trim()),
    onSuccess: () => {
      dialog.close();
      setWords("");
      return queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  const open = () => {
    request.reset();
    dialog.open();
  };
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open} aria-label={`${label}: ${about}`}>
        {label}
      </Button>
      <Modal
        opened={asking}
        onClose={dialog.close}
        title={label}
        lockScroll={false}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <form onSubmit={submit}>
          <p className={classes.note}>{about}</p>
          <p>{question}</p>
          {reason && (
            <Textarea
              label={reason}
              required
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
              maxLength={1000}
              data-autofocus
            />
          )}
          {request.error && <Failure problem={asProblem(request.error)} />}
          <div className={classes.answers}>
            <Button size="sm" variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button
              size="sm"
              type="submit"
              loading={request.isPending}
              disabled={Boolean(reason) && words.trim() === ""}
            >
              {label}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  );
}
