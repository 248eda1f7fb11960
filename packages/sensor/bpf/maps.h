/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Maps shared by all programs: ring, scratch memory, configuration, interest. */
#ifndef GC_MAPS_H
#define GC_MAPS_H

#define GC_GUARD (GC_STRING_MAX + 64)
#define GC_PATH_SPACE 4096
#define GC_PATH_GUARD 512

struct gc_scratch {
	struct gc_header h;
	u8 data[GC_DATA_MAX + GC_GUARD];
	u32 pos;
};

struct gc_path_scratch {
	u32 off; /* where the path starts; it ends at GC_PATH_SPACE */
	u32 state;
	char bytes[GC_PATH_SPACE + GC_PATH_GUARD];
	struct gc_path_key key;
	struct gc_name_key name;
	struct gc_program_key program;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 32 * 1024 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct gc_scratch);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct gc_path_scratch);
} path_scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct gc_counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct gc_config);
} config SEC(".maps");

/* By system call number: how to capture it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 512);
	__type(key, u32);
	__type(value, struct gc_spec);
} specs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, u8);
} excluded_pids SEC(".maps");

/* Path prefixes and file or directory names whose opening is always of interest. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct gc_path_key);
	__type(value, u8);
} open_prefixes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct gc_name_key);
	__type(value, u8);
} open_names SEC(".maps");

/* Names of processes whose every open is of interest. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct gc_program_key);
	__type(value, u8);
} open_programs SEC(".maps");

/* Control groups whose path the reader has already been told. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, u8);
} known_cgroups SEC(".maps");

/* Written and read by the reader alone: what it has been told, so that another can take over. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u64);
	__type(value, struct gc_cgroup_path);
} cgroup_paths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct gc_reader);
} reader SEC(".maps");

/* Last destination of a UDP socket, so that only changes are reported. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, u64);
	__type(value, u64);
} destinations SEC(".maps");

/* Files in use that were told of, and when, in seconds since boot. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct gc_touched_key);
	__type(value, u32);
} touched SEC(".maps");

/* Files in use that could not be told, by control group; the reader removes what it was told. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, u64);
} untold SEC(".maps");

static __always_inline struct gc_config *settings(void)
{
	u32 zero = 0;
	return bpf_map_lookup_elem(&config, &zero);
}

static __always_inline struct gc_path_scratch *path_space(void)
{
	u32 zero = 0;
	return bpf_map_lookup_elem(&path_scratch, &zero);
}

/* Whether this call is not wanted, or comes through an attachment that is being taken down. */
static __always_inline bool is_off(struct gc_spec *spec, void *ctx)
{
	if (!spec || !spec->enabled)
		return true;
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_attach_cookie))
		return bpf_get_attach_cookie(ctx) != spec->generation;
	return false;
}

/* Sends the record; counts it as dropped when the ring is full. Returns 0 when sent. */
static __always_inline long emit(struct gc_scratch *s)
{
	u32 zero = 0;
	u32 pos = s->pos;
	long failed = 0;
	if (pos > GC_DATA_MAX)
		pos = GC_DATA_MAX;
	s->h.len = sizeof(struct gc_header) + pos;
	struct gc_counters *count = bpf_map_lookup_elem(&counters, &zero);
	if (count)
		s->h.seq = count->emitted + count->dropped;
	failed = bpf_ringbuf_output(&events, s, sizeof(struct gc_header) + pos, BPF_RB_NO_WAKEUP);
	if (count) {
		if (failed)
			count->dropped++;
		else
			count->emitted++;
	}
	return failed;
}

/* A file in use by this control group may never be told: nobody may say that it was not touched. */
static __noinline long lose_touch(u64 cgroup)
{
	u32 zero = 0;
	u64 one = 1;
	struct gc_config *c = settings();
	if (!c || !c->touched_since)
		return 0;
	u64 *lost = bpf_map_lookup_elem(&untold, &cgroup);
	if (!lost) {
		if (!bpf_map_update_elem(&untold, &cgroup, &one, BPF_NOEXIST))
			return 0;
		/* another CPU was first, or the table is full */
		lost = bpf_map_lookup_elem(&untold, &cgroup);
	}
	if (lost) {
		__sync_fetch_and_add(lost, 1);
		return 0;
	}
	struct gc_counters *count = bpf_map_lookup_elem(&counters, &zero);
	if (count)
		count->untold_elsewhere++;
	return 0;
}

#endif
