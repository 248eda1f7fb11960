/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Absolute paths from dentries and mounts, relative to the task's root directory. The path is built backwards from
 * the end of a scratch buffer, one component a step. */
#ifndef GC_PATHS_H
#define GC_PATHS_H

#define GC_PATH_DEPTH 64

#define GC_PATH_DELETED 1
#define GC_PATH_DETACHED 2
#define GC_PATH_CUT 4

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (struct mount *)((char *)mnt - bpf_core_field_offset(struct mount, mnt));
}

/* Fills p with the path of (mnt, dentry); returns its length, at most GC_PATH_SPACE - 1. */
static __noinline long walk_path(struct gc_path_scratch *p, u64 mnt_address, u64 dentry_address)
{
	struct vfsmount *mnt = (struct vfsmount *)mnt_address;
	struct dentry *dentry = (struct dentry *)dentry_address;
	if (!p)
		return 0;
	*(volatile u32 *)&p->off = GC_PATH_SPACE - 1;
	p->state = 0;
	if (!mnt || !dentry)
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct vfsmount *root_mnt = BPF_CORE_READ(fs, root.mnt);
	struct dentry *root_dentry = BPF_CORE_READ(fs, root.dentry);
	struct dentry *mnt_root = BPF_CORE_READ(mnt, mnt_root);
	if (!BPF_CORE_READ(dentry, d_hash.pprev) && dentry != mnt_root)
		p->state |= GC_PATH_DELETED;
	int complete = 0;
	for (int i = 0; i < GC_PATH_DEPTH; i++) {
		if (dentry == root_dentry && mnt == root_mnt) {
			complete = 1;
			break;
		}
		if (dentry == mnt_root) {
			struct mount *self = mount_of(mnt);
			struct mount *parent = BPF_CORE_READ(self, mnt_parent);
			if (parent == self) {
				complete = 1;
				break;
			}
			dentry = BPF_CORE_READ(self, mnt_mountpoint);
			mnt = (struct vfsmount *)((char *)parent + bpf_core_field_offset(struct mount, mnt));
			mnt_root = BPF_CORE_READ(mnt, mnt_root);
			continue;
		}
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		u32 off = *(volatile u32 *)&p->off;
		u32 len = BPF_CORE_READ(dentry, d_name.len);
		const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
		if (parent == dentry && i == 0)
			p->state |= GC_PATH_DETACHED;
		if (parent == dentry && i > 0) {
			complete = 1;
			break;
		}
		len &= 255;
		if (off < len + 2)
			break;
		off = (off - len) & (GC_PATH_SPACE - 1);
		bpf_probe_read_kernel(&p->bytes[off], len, name);
		if (parent == dentry) {
			*(volatile u32 *)&p->off = off;
			complete = 1;
			break;
		}
		off = (off - 1) & (GC_PATH_SPACE - 1);
		p->bytes[off] = '/';
		*(volatile u32 *)&p->off = off;
		dentry = parent;
	}
	if (!complete)
		p->state |= GC_PATH_CUT;
	u32 off = *(volatile u32 *)&p->off & (GC_PATH_SPACE - 1);
	if (off == GC_PATH_SPACE - 1) {
		off = GC_PATH_SPACE - 2;
		p->bytes[off] = '/';
		*(volatile u32 *)&p->off = off;
	}
	return GC_PATH_SPACE - 1 - off;
}

/* Copies the path last walked into the record. */
static __noinline long put_walked(struct gc_scratch *s, struct gc_path_scratch *p)
{
	if (!s || !p)
		return 0;
	u32 off = *(volatile u32 *)&p->off & (GC_PATH_SPACE - 1);
	u32 len = (GC_PATH_SPACE - 1 - off) & (GC_PATH_SPACE - 1);
	u32 pos = position(s) & (GC_DATA_MAX * 2 - 1);
	if (pos > GC_DATA_MAX || len == 0)
		return 0;
	bpf_probe_read_kernel(&s->data[pos], len, &p->bytes[off]);
	if (p->state & GC_PATH_CUT)
		s->h.flags |= GC_FLAG_TRUNCATED;
	grow(s, len);
	return len;
}

static __noinline long put_cwd(struct gc_scratch *s)
{
	struct gc_path_scratch *p = path_space();
	if (!s || !p)
		return 0;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	walk_path(p, (u64)BPF_CORE_READ(fs, pwd.mnt), (u64)BPF_CORE_READ(fs, pwd.dentry));
	return put_walked(s, p);
}

static __always_inline struct file *file_of(struct task_struct *task, u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = NULL;
	if (!table || fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	struct file **slots = BPF_CORE_READ(table, fd);
	bpf_probe_read_kernel(&file, sizeof(file), slots + fd);
	return file;
}

/* Appends the directory that a relative path starts from: the cwd, or the directory open as dirfd. */
static __noinline long put_base(struct gc_scratch *s, u32 base)
{
	if (!s || base == GC_NO_ARG)
		return 0;
	u32 index = base & 7;
	if (index > 5)
		index = 5;
	int dirfd = base == GC_AT_CWD ? -100 : (int)s->h.args[index];
	if (dirfd == -100)
		return put_cwd(s);
	struct gc_path_scratch *p = path_space();
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file *file = file_of(task, dirfd);
	if (!p || !file)
		return 0;
	walk_path(p, (u64)BPF_CORE_READ(file, f_path.mnt), (u64)BPF_CORE_READ(file, f_path.dentry));
	return put_walked(s, p);
}

/* A path as the program gave it, and the directory it is relative to unless it is absolute. */
static __noinline long put_path_pair(struct gc_scratch *s, u64 text, u32 base, u32 slot)
{
	if (!s)
		return 0;
	u32 start = position(s) & (GC_DATA_MAX * 2 - 1);
	long n = put_user_text(s, text);
	close_slot(s, slot);
	if (start <= GC_DATA_MAX && (n <= 0 || s->data[start] != '/'))
		put_base(s, base);
	close_slot(s, slot + 1);
	return 0;
}

#endif
