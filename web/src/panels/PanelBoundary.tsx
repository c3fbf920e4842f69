/** Keeps a panel that cannot be drawn from taking the page with it. */

import { Component, type ReactNode } from "react";
import { Failure } from "../ui/Notice";

type Props = { title: string; onRetry: () => void; children: ReactNode };

export class PanelBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  private readonly retry = (): void => {
    this.setState({ error: null });
    this.props.onRetry();
  };

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Failure
        problem={{
          title: this.props.title,
          detail: `${this.props.title} could not be drawn: ${error.message}`,
          remedy: "The other panels are not affected. If it happens again, report the text above.",
        }}
        onRetry={this.retry}
      />
    );
  }
}
