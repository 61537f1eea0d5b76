// What is shown before there is anything: no server known, none reached yet, or one that does not let us in. Always what
// to do next.
import type { ReactNode } from "react";
import { wrap } from "../cells.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "../components/panel.tsx";
import type { State } from "../store/state.ts";
import type { Line } from "../theme.ts";
import { useUi } from "../ui.ts";
import { BLANK } from "./rows.ts";

export function NothingScreen(): ReactNode {
  const { state, theme } = useUi();
  const { columns, rows } = state.size;
  const lines: readonly PanelLine[] = [BLANK, ...wordsFor(state, columns - PANEL_FRAME)];
  return (
    <Panel
      theme={theme}
      width={columns}
      height={rows - 2}
      title={[{ text: titleOf(state), tone: "strong" }]}
      lines={lines}
    />
  );
}

function titleOf({ link }: State): string {
  switch (link.kind) {
    case "unset":
      return "Welcome";
    case "connecting":
    case "live":
      return "Connecting";
    case "lost":
      return "No server";
    case "refused":
      return "Not let in";
  }
}

function wordsFor({ link, address }: State, width: number): readonly PanelLine[] {
  switch (link.kind) {
    case "unset":
      return [
        ...wrapped("pacpool keeps your machines on the same package versions. Nothing is set up here yet.", width),
        BLANK,
        ...wrapped("On the first machine:", width),
        command("pacpool init"),
        ...wrapped("It starts a server here and prints the line to type on the next machine.", width),
        BLANK,
        ...wrapped("On every other machine, with the code that it printed:", width),
        command("pacpool join CODE"),
        BLANK,
        ...wrapped("For a server that runs already: --server HOST:PORT, or a profile in config.toml.", width),
      ];
    case "connecting":
    case "live":
      return wrapped(`asking ${address} …`, width);
    case "lost":
      return [
        ...wrapped(`${address} does not answer: ${link.because}.`, width),
        BLANK,
        ...wrapped("It is tried again by itself. Meanwhile, on the server's machine:", width),
        command("systemctl status pacpool-server"),
        command("pacpool doctor"),
      ];
    case "refused":
      return [...wrapped(`${address} answers, but: ${link.because}.`, width), BLANK, command("pacpool config check")];
  }
}

function text(words: string): PanelLine {
  return { line: [{ text: `  ${words}` }] };
}

function wrapped(words: string, width: number): readonly PanelLine[] {
  return wrap(words, width - 4).map(text);
}

function command(words: string): PanelLine {
  const line: Line = [
    { text: "    $ ", tone: "muted" },
    { text: words, tone: "accent" },
  ];
  return { line };
}
