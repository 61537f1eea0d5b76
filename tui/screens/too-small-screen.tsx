// A terminal without room for a table gets a sentence that fits anyway.
import { Text } from "ink";
import type { ReactNode } from "react";
import { MIN_COLUMNS, MIN_ROWS } from "../store/layout.ts";
import { useUi } from "../ui.ts";

export function TooSmallScreen(): ReactNode {
  const { columns, rows } = useUi().state.size;
  return (
    <Text wrap="wrap">
      {`pacpool needs ${MIN_COLUMNS}x${MIN_ROWS}; this terminal has ${columns}x${rows}. Make it larger, or q to quit.`}
    </Text>
  );
}
