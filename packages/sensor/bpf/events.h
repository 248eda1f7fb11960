/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The one ABI between the BPF programs and the TypeScript reader. tools/generate-abi.ts turns the BTF of these
 * types into src/kernel/layout.generated.ts; a test compares both. Fixed-width members only, no implicit padding. */
#ifndef GC_EVENTS_H
#define GC_EVENTS_H

#define GC_SLOTS 8
#define GC_DATA_MAX 16384
#define GC_STRING_MAX 4096
#define GC_NO_ARG 255
#define GC_AT_CWD 254

/* What a record is. Slots of variable data are named beside each kind; slot 0 always holds the fixed structure. */
enum gc_kind {
	GC_KIND_CGROUP = 1, /* 1: names from the leaf to the root, each ended by NUL */
	GC_KIND_CGROUP_GONE = 2,
	GC_KIND_EXEC = 3, /* 0 gc_process, 1 exe path, 2 args, 3 cwd, 4 filename, 5 env */
	GC_KIND_FORK = 4, /* 0 gc_process of the child */
	GC_KIND_EXIT = 5,
	GC_KIND_EXEC_FAILED = 6, /* 2 args, 3 cwd, 4 filename */
	GC_KIND_OPEN = 7,	 /* 0 gc_descriptor, 1 resolved path, 2 path as given, 3 directory it is relative to */
	GC_KIND_CALL = 8,	 /* 0 gc_descriptor or gc_process, 1 path of the fd, 2+3 4+5 path and its base, 6 text, 7 cwd */
	GC_KIND_SOCKET = 9,	 /* 0 gc_descriptor, 1 unix path, 6 data, 7 socket address as given */
	GC_KIND_CGROUP_MADE = 10, /* as CGROUP, from cgroup_mkdir */
	GC_KIND_TOUCHED = 11,	  /* 1 path of a file in use; args[0] says how */
};

enum gc_flag {
	GC_FLAG_TRUNCATED = 1,
	GC_FLAG_FD_DELETED = 2,
	GC_FLAG_FD_DETACHED = 4, /* the descriptor's path has no directory: memfd, pipe, anonymous inode */
	GC_FLAG_HAS_FD = 8,
	GC_FLAG_HAS_PROCESS = 16,
	GC_FLAG_NAME_CHANGED = 32,
	GC_FLAG_COMPAT = 64, /* 32-bit system call */
};

/* How a file is in use. */
enum gc_touched {
	GC_TOUCHED_LOADED = 1, /* mapped as code */
	GC_TOUCHED_OPENED = 2, /* opened for reading */
};

enum gc_descriptor_kind {
	GC_FD_NONE = 0,
	GC_FD_FILE = 1,
	GC_FD_SOCKET = 2,
};

enum gc_layer {
	GC_LAYER_UPPER = 1,
	GC_LAYER_LOWER = 2,
	GC_LAYER_MEMFD = 4,
};

/* How a system call's arguments are captured, by program. */
enum gc_spec_flag {
	GC_SPEC_PROCESS = 1,  /* attach gc_process and the cwd: the call changed them */
	GC_SPEC_RET_FD = 2,   /* the descriptor is the result */
	GC_SPEC_SUCCESS = 4,  /* only when the call succeeded */
	GC_SPEC_SOCKET_ONLY = 8, /* only when the descriptor is a socket */
	GC_SPEC_WANT_DATA = 16,	 /* what is received is wanted too, also from streams */
	GC_SPEC_TOUCHED_ONLY = 32, /* no rule wants the event, only files in use are looked for */
};

struct gc_spec {
	__u8 enabled;
	__u8 flags;
	__u8 fd;      /* index of the argument that is a descriptor, or GC_NO_ARG */
	__u8 address; /* index of the argument that is a struct sockaddr *, its length is the next one */
	__u8 path_a;
	__u8 base_a; /* index of the dirfd argument, GC_AT_CWD, or GC_NO_ARG for a text that is no path */
	__u8 path_b;
	__u8 base_b;
	__u8 text;
	__u8 data; /* index of the argument that is a message to send */
	__u16 generation; /* an attachment of an older generation is on its way out and keeps silent */
	__u8 reserved[4];
};

/* Sets of 256 bits that rule out most opens before anything is walked or looked up; see gc_maybe in open.h. */
#define GC_SET_WORDS 4

struct gc_config {
	__u32 cgroup_v1;
	__u32 open_all;
	__u32 env_max;
	__u32 excluded;
	__u32 open_upward;   /* opens whose text has "../" are asked for */
	__u32 open_programs; /* number of entries of open_programs */
	__u32 touched_since; /* files in use are told that were not told since then, seconds since boot; 0 for none */
	__u32 reserved;
	__u64 maybe_text[GC_SET_WORDS]; /* first 8 bytes of listed prefixes */
	__u64 maybe_top[GC_SET_WORDS];	/* first component of listed prefixes */
	__u64 maybe_name[GC_SET_WORDS]; /* listed names */
};

/* What the reader leaves for the one that takes over after it. */
struct gc_reader {
	__u64 reported_drops;
	__u64 alive; /* CLOCK_BOOTTIME, ns */
};

struct gc_header {
	__u32 len;
	__u8 kind;
	__u8 reserved;
	__u16 flags;
	__u64 ts; /* CLOCK_BOOTTIME, ns */
	__u64 leader_start;
	__u64 cgroup;
	__s64 ret;
	__u64 args[6];
	__u32 pid;
	__u32 tid;
	__u32 ppid;
	__u32 vpid;
	__u32 vtid;
	__u32 uid;
	__u32 gid;
	__u32 cpu;
	__u32 nr;
	__u32 seq; /* counts the records of this CPU, sent or dropped: with ts and cpu it names the record */
	char comm[16];
	__u16 end[GC_SLOTS]; /* where each slot ends, counted from the first byte after the header */
};

struct gc_process {
	__u64 cap_effective;
	__u64 cap_permitted;
	__u64 cap_inheritable;
	__u64 exe_inode;
	__s64 exe_ctime_sec;
	__s64 exe_mtime_sec;
	__u32 exe_ctime_nsec;
	__u32 exe_mtime_nsec;
	__u32 exe_dev;
	__u32 exe_mode;
	__u32 exe_uid;
	__u32 exe_gid;
	__u32 exe_layer;
	__u32 sid;
	__u32 pgid;
	__u32 vpgid;
	__u32 login_uid;
	__u32 tty;
	__u32 pid_ns;
	__u32 mnt_ns;
	__u64 child_start;
	__u32 child_pid;
	__u32 child_tid;
	__u32 child_vpid;
	__u32 child_vtid;
	__u32 child_ppid;
	__u32 exe_flags;
};

struct gc_descriptor {
	__u64 inode;
	__u64 socket; /* identity of the kernel's socket, for change detection only */
	__u32 dev;
	__u32 rdev;
	__u32 mode;
	__u32 open_flags;
	__u32 created;
	__u16 kind;
	__u16 layer;
	__u16 family;
	__u16 type;
	__u16 protocol;
	__u16 state;
	__u16 local_port;
	__u16 remote_port;
	__u32 backlog;
	__u8 local_address[16];
	__u8 remote_address[16];
};

struct gc_path_key {
	__u32 prefix_bits;
	char path[124];
};

struct gc_name_key {
	char name[32];
};

struct gc_program_key {
	char comm[16];
};

/* A file in use by the processes of one control group. */
struct gc_touched_key {
	__u64 cgroup;
	__u64 inode;
	__u32 dev;
	__u32 how;
};

#define GC_CGROUP_PATH_MAX 504

/* Path of a control group, the end of it if it is longer. */
struct gc_cgroup_path {
	char path[GC_CGROUP_PATH_MAX];
};

struct gc_counters {
	__u64 dropped;
	__u64 emitted;
	__u64 untold_elsewhere; /* what did not fit into `untold` */
	__u32 touched_second;
	__u32 touched_count; /* told in that second */
};

#endif
