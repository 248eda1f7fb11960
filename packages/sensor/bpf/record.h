/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Appending variable data to a record. Positions live in map memory, so that the verifier's states converge. */
#ifndef GC_RECORD_H
#define GC_RECORD_H

static __always_inline u32 position(struct gc_scratch *s)
{
	u32 pos = *(volatile u32 *)&s->pos;
	return pos > GC_DATA_MAX ? GC_DATA_MAX : pos;
}

/* A record grows slot by slot; a slot that is not written is empty: it ends where the one before it ends. */
static __always_inline void close_slot(struct gc_scratch *s, u32 slot)
{
	s->h.end[slot & (GC_SLOTS - 1)] = position(s);
}

static __always_inline void grow(struct gc_scratch *s, long n)
{
	u32 pos = position(s) + (u32)n;
	if (pos > GC_DATA_MAX) {
		pos = GC_DATA_MAX;
		s->h.flags |= GC_FLAG_TRUNCATED;
	}
	*(volatile u32 *)&s->pos = pos;
}

static __noinline long put_user_text(struct gc_scratch *s, u64 from)
{
	if (!s || !from)
		return 0;
	u32 pos = position(s) & (GC_DATA_MAX * 2 - 1);
	if (pos > GC_DATA_MAX)
		return 0;
	long n = bpf_probe_read_user_str(&s->data[pos], GC_STRING_MAX, (const void *)from);
	if (n <= 1)
		return 0;
	if (n >= GC_STRING_MAX)
		s->h.flags |= GC_FLAG_TRUNCATED;
	grow(s, n - 1);
	return n - 1;
}

static __noinline long put_kernel_text(struct gc_scratch *s, u64 from)
{
	if (!s || !from)
		return 0;
	u32 pos = position(s) & (GC_DATA_MAX * 2 - 1);
	if (pos > GC_DATA_MAX)
		return 0;
	long n = bpf_probe_read_kernel_str(&s->data[pos], GC_STRING_MAX, (const void *)from);
	if (n <= 1)
		return 0;
	grow(s, n - 1);
	return n - 1;
}

static __noinline long put_user_bytes(struct gc_scratch *s, u64 from, u32 size)
{
	if (!s || !from)
		return 0;
	u32 pos = position(s) & (GC_DATA_MAX * 2 - 1);
	if (pos > GC_DATA_MAX || size == 0)
		return 0;
	if (size > GC_STRING_MAX - 1) {
		size = GC_STRING_MAX - 1;
		s->h.flags |= GC_FLAG_TRUNCATED;
	}
	if (bpf_probe_read_user(&s->data[pos], size & (GC_STRING_MAX - 1), (const void *)from))
		return 0;
	grow(s, size);
	return size;
}

#endif
