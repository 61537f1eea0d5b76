// The version that `--version`, agents and servers say; package.json has the same.
export const VERSION = "0.1.0";
