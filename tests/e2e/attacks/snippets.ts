// Pieces of attack scripts: a public address inside a container without network, sockets in plain perl.

/** A public address that attacks talk to; it lives on the container's own loopback device. */
export const PUBLIC_IP = '93.184.216.34';

/** `docker run` arguments that `ownAddress` needs. */
export const MAY_ADD_ADDRESS: readonly string[] = ['--cap-add', 'NET_ADMIN'];

/** Shell command that gives the container's loopback device one more address. */
export function ownAddress(ip: string): string {
  return `ip addr add ${ip}/32 dev lo`;
}

function perlAddress(ip: string, port: number): string {
  return `pack("SnC4x8",2,${port},${ip.replaceAll('.', ',')})`;
}

/** Perl that connects socket S to a TCP server, which it first opens itself as socket L. */
export function tcpConnect(ip: string, port: number): string {
  const address = perlAddress(ip, port);
  return `socket(L,2,1,0);setsockopt(L,1,2,1);bind(L,${address}) or die "bind: $!";listen(L,1);socket(S,2,1,0);connect(S,${address}) or die "connect: $!";`;
}

/**
 * Perl that listens on every address as socket L, connects to one of them as S, and accepts that as C. A listener on
 * every address is no event of note to rules about connections, so only the connection itself is.
 */
export function tcpExchange(ip: string, port: number): string {
  return `socket(L,2,1,0);setsockopt(L,1,2,1);bind(L,${perlAddress('0.0.0.0', port)}) or die "bind: $!";listen(L,1);socket(S,2,1,0);connect(S,${perlAddress(ip, port)}) or die "connect: $!";accept(C,L);`;
}

/** Perl that gives a UDP socket S a destination. */
export function udpConnect(ip: string, port: number): string {
  return `socket(S,2,2,0);connect(S,${perlAddress(ip, port)}) or die "connect: $!";`;
}

/** Shell command that copies perl to `/tmp/<name>`, so that its processes have that name. */
export function perlAs(name: string): string {
  return `cp /usr/bin/perl /tmp/${name}`;
}

/** Shell command that makes a busybox of that name; an unknown name ends with an error, after its exec. */
export function programNamed(name: string): string {
  return `ln -sf /bin/busybox /tmp/${name}`;
}
