// Every bound that more than one process must agree on, each with its why. Bounds of one process live beside their use.

/** Characters of a package name. File systems end at 255 bytes, and the name is part of a directory's name. */
export const MAX_NAME_LENGTH = 200;

/** Characters of a version, for the same directory. */
export const MAX_VERSION_LENGTH = 200;

/** Characters of an architecture or repository name; the longest in use has 9. */
export const MAX_WORD_LENGTH = 64;

/** Packages of one set. A big workstation has 3,000; every package of Arch's repositories at once is 15,000. */
export const MAX_PACKAGES = 50_000;

/** Packages in one message of a report, about 150 KiB: far under gRPC's 4 MiB, short enough not to block a loop. */
export const MAX_PACKAGES_PER_CHUNK = 2_000;

/** Seconds; the year 9999. Larger ones are damage. */
export const MAX_BUILD_DATE = 253_402_300_799;

/** Sync databases of one view. CachyOS has 10. */
export const MAX_DATABASES = 64;

/** Bytes of one sync database as downloaded. extra with signatures has 13 MB. */
export const MAX_DATABASE_BYTES = 256 * 1024 * 1024;

/** Bytes of one package file. The largest of Arch has 2.6 GB. */
export const MAX_PACKAGE_BYTES = 4 * 1024 * 1024 * 1024;

/** Bytes of one detached signature; usual are 119 to 566. pacman takes no more than this. */
export const MAX_SIGNATURE_BYTES = 64 * 1024;

/** Bytes of a .PKGINFO, and of what precedes it in a package file decompressed: .MTREE of a kernel has a few MiB. */
export const MAX_PACKAGE_HEAD_BYTES = 16 * 1024 * 1024;

/** Servers of one repository that an endpoint tells of. */
export const MAX_REPOSITORY_SERVERS = 20;

/** Files of one request to an endpoint. */
export const MAX_WANTED_FILES = 200;

/** Bytes of one sync database decompressed; the caller stops decompressing there. */
export const MAX_DATABASE_TAR_BYTES = 1024 * 1024 * 1024;

/** Entries of one tar: two per package (directory, desc), three with old `depends` files. */
export const MAX_TAR_ENTRIES = 4 * MAX_PACKAGES;

/** Bytes of one desc. The largest seen (many provides) has 100 KB. */
export const MAX_DESC_BYTES = 4 * 1024 * 1024;

/** Names that a pool shares, pins of a target, holds of a pool: lists that people keep by hand. */
export const MAX_LISTED_NAMES = 2_000;

/** Characters of a message that a person gives a target. */
export const MAX_MESSAGE_LENGTH = 500;

/** Packages that closure computation may visit before it gives up: all of Arch's, and room. */
export const MAX_CLOSURE_PACKAGES = 30_000;

/** Lines of difference that a refusal lists; the rest is counted. */
export const MAX_DETAILS = 50;

/** Bytes of one WayBar line. Its reader takes any, but a tooltip of more does not fit a screen. */
export const MAX_STATUS_LINE_BYTES = 4_096;
