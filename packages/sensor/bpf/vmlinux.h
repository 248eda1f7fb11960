/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The few kernel types and members that the programs touch. Offsets do not matter: every access is relocated
 * against the running kernel's own BTF (CO-RE). A triple underscore starts the name of an older or newer flavour. */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

typedef unsigned char __u8;
typedef signed char __s8;
typedef unsigned short __u16;
typedef short __s16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_LPM_TRIE = 11,
	BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_F_NO_PREALLOC = 1 };
enum { BPF_RB_NO_WAKEUP = 1 };
enum bpf_func_id { BPF_FUNC_get_current_task_btf = 158, BPF_FUNC_get_attach_cookie = 174, BPF_FUNC_task_pt_regs = 175 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct qstr { u32 len; const unsigned char *name; };
struct hlist_bl_node { struct hlist_bl_node *next; struct hlist_bl_node **pprev; };
struct super_block { u32 s_dev; unsigned long s_magic; };
struct timespec64 { s64 tv_sec; long tv_nsec; };
typedef struct { u32 val; } kuid_t;
typedef struct { u32 val; } kgid_t;
typedef struct { int counter; } atomic_t;

struct inode {
	u16 i_mode; kuid_t i_uid; kgid_t i_gid; struct super_block *i_sb; unsigned long i_ino; u32 i_rdev; u32 i_nlink;
	s64 i_ctime_sec; s64 i_mtime_sec; u32 i_ctime_nsec; u32 i_mtime_nsec;
};
struct inode___6_6 { struct timespec64 __i_ctime; struct timespec64 __i_mtime; };
struct inode___5 { struct timespec64 i_ctime; struct timespec64 i_mtime; };
struct dentry { struct hlist_bl_node d_hash; struct dentry *d_parent; struct qstr d_name; struct inode *d_inode; };
struct vfsmount { struct dentry *mnt_root; struct super_block *mnt_sb; int mnt_flags; };
struct mount { struct mount *mnt_parent; struct dentry *mnt_mountpoint; struct vfsmount mnt; struct mnt_namespace *mnt_ns; };
struct path { struct vfsmount *mnt; struct dentry *dentry; };
struct file { struct path f_path; struct inode *f_inode; u32 f_flags; u32 f_mode; void *private_data; };
struct fdtable { u32 max_fds; struct file **fd; };
struct files_struct { struct fdtable *fdt; };
struct fs_struct { struct path root; struct path pwd; };
struct ns_common { u32 inum; };
struct pid_namespace { u32 level; struct ns_common ns; };
struct mnt_namespace { struct ns_common ns; };
struct nsproxy { struct mnt_namespace *mnt_ns; };
struct upid { int nr; struct pid_namespace *ns; };
struct pid { u32 level; struct upid numbers[0]; };
struct tty_driver { int major; int minor_start; };
struct tty_struct { int index; struct tty_driver *driver; };
struct signal_struct { atomic_t live; struct pid *pids[4]; struct tty_struct *tty; int group_exit_code; };
typedef struct { u64 val; } kernel_cap_t;
struct cred { kuid_t uid; kgid_t gid; kuid_t euid; kgid_t egid;
	kernel_cap_t cap_inheritable; kernel_cap_t cap_permitted; kernel_cap_t cap_effective; };
struct mm_struct { unsigned long arg_start; unsigned long arg_end; unsigned long env_start; unsigned long env_end;
	struct file *exe_file; };
struct kernfs_node { const char *name; u64 id; };
struct cgroup_subsys_state { struct cgroup *cgroup; struct cgroup_subsys_state *parent; };
struct cgroup_root { int hierarchy_id; };
struct cgroup { struct cgroup_subsys_state self; struct kernfs_node *kn; struct cgroup_root *root; };
struct css_set { struct cgroup_subsys_state *subsys[1]; struct cgroup *dfl_cgrp; };
enum cgroup_subsys_id { pids_cgrp_id = 11, memory_cgrp_id = 4 };
struct thread_info { u32 status; };
struct task_struct {
	struct thread_info thread_info; void *stack; u32 flags; struct mm_struct *mm; int exit_code; int pid; int tgid;
	struct task_struct *real_parent; struct task_struct *group_leader; struct pid *thread_pid; u64 start_boottime;
	const struct cred *cred; char comm[16]; struct fs_struct *fs; struct files_struct *files; struct nsproxy *nsproxy;
	struct signal_struct *signal; kuid_t loginuid; struct css_set *cgroups;
};
struct linux_binprm { const char *filename; struct file *file; };
struct in6_addr { u8 s6_addr[16]; };
struct sock_common {
	__be32 skc_daddr; __be32 skc_rcv_saddr; __be16 skc_dport; u16 skc_num; u16 skc_family; volatile unsigned char skc_state;
	struct in6_addr skc_v6_daddr; struct in6_addr skc_v6_rcv_saddr;
};
struct sock { struct sock_common __sk_common; u16 sk_protocol; u16 sk_type; };
struct socket { short type; struct sock *sk; };
struct sockaddr_un { u16 sun_family; char sun_path[108]; };
struct unix_address { int len; struct sockaddr_un name[0]; };
struct unix_sock { struct unix_address *addr; struct sock *peer; };

#if defined(__TARGET_ARCH_arm64)
struct pt_regs { u64 regs[31]; u64 sp; u64 pc; u64 orig_x0; s32 syscallno; };
#else
struct pt_regs { unsigned long r10; unsigned long r9; unsigned long r8; unsigned long dx; unsigned long si; unsigned long di;
	unsigned long orig_ax; unsigned long ax; unsigned long ip; unsigned long cs; unsigned long flags; unsigned long sp;
	unsigned long ss; };
#endif

#pragma clang attribute pop

/* Not kernel BTF: layouts that the tracing and system call interfaces fix. */
struct gc_exit_context { u64 common; s32 nr; u32 pad; s64 ret; };
struct gc_user_msghdr { u64 name; s32 name_len; u32 pad; u64 iov; u64 iov_len; u64 control; u64 control_len; u32 flags; u32 pad2; };
struct gc_user_mmsghdr { struct gc_user_msghdr header; u32 sent; u32 pad; };
struct gc_user_iovec { u64 base; u64 len; };

#endif
