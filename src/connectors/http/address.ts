/**
 * May anything be sent to this address? Whoever controls a receiver's name can point it anywhere, so what counts is the
 * address itself: it is looked up once, judged, and exactly what was judged is connected to. Nothing here trusts a name.
 */
import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** One address as the resolver gives it. */
export interface Resolved {
  readonly address: string
  readonly family: number
}

export type Resolver = (host: string) => Promise<readonly Resolved[]>

/** Thrown into a connection that would have gone somewhere it may not. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** Special-purpose registries of IANA (RFC 6890 and its updates), as of 2026. */
const never = blocks(
  ['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15'],
  ['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // Unspecified, discard, documentation, link-local, site-local, multicast; and ways of hiding another address inside.
  ['::/128', '100::/64', '2001:db8::/32', '3fff::/20', '5f00::/16', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
  ['2001::/32', '2002::/16', '64:ff9b:1::/48', '::ffff:0:0:0/96'],
  // Where clouds keep the credentials of a machine, outside of link-local space (AWS over IPv6, Alibaba).
  ['fd00:ec2::254/128', '100.100.100.200/32'],
)

const privateOnes = blocks(
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '127.0.0.0/8'],
  ['::1/128', 'fc00::/7'],
)

const loopback = blocks(['127.0.0.0/8', '::1/128'])

/** @returns why this address is refused, or `undefined` when it may be connected to. Names are not judged here. */
export function addressProblem(host: string, allowPrivate: boolean): string | undefined {
  const address = literalOf(host)
  if (isIP(address) === 0) return undefined
  const inner = embedded(address)
  if (inner !== undefined) return addressProblem(inner, allowPrivate)
  if (isIn(never, address)) return `\`${address}\` is no address of a receiver`
  if (!allowPrivate && isIn(privateOnes, address)) {
    return `\`${address}\` is not public; say \`allowPrivate: true\` if that is meant`
  }
  return undefined
}

/** @returns whether the host, as written, is this machine: `localhost` or a loopback address. */
export function isLoopbackHost(host: string): boolean {
  const address = literalOf(host)
  return address === 'localhost' || (isIP(address) !== 0 && isIn(loopback, address))
}

/**
 * @returns a `lookup` for one connection: it asks the resolver once and refuses unless every address may be connected
 * to, so that a name with one good and one bad address is no way in. `onlyLoopback`: plain http never leaves the machine.
 */
export function guardedLookup(resolve: Resolver, allowPrivate: boolean, onlyLoopback: boolean): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (found) => {
        const problem = problemOf(host, found, allowPrivate, onlyLoopback)
        const [first] = found
        if (problem !== undefined || first === undefined) {
          callback(new AddressRefused(problem ?? `\`${host}\` has no address`), [])
        } else if (options.all === true) callback(null, [...found])
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }
}

function problemOf(host: string, found: readonly Resolved[], allowPrivate: boolean, onlyLoopback: boolean) {
  const judge = (address: string) =>
    isIP(literalOf(address)) === 0 ? `\`${address}\` is no address` : addressProblem(address, allowPrivate)
  const problem = found.map(({ address }) => judge(address)).find((one) => one !== undefined)
  if (problem !== undefined) return `\`${host}\` leads to an address that is refused: ${problem}`
  const outside = onlyLoopback && found.some(({ address }) => !isLoopbackHost(address))
  return outside ? `\`${host}\` leads away from this machine, and plain http must not` : undefined
}

export const systemResolver: Resolver = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, found) => (error === null ? resolve(found) : reject(error)))
  })

/** As a URL has it in brackets, and a zone (`%eth0`) taken off. */
function literalOf(host: string): string {
  return host.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
}

/** The IPv4 address that an IPv4-mapped, IPv4-compatible or NAT64 address stands for. */
function embedded(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined
  // The URL parser writes IPv6 in one form, with the last 32 bits as two groups.
  const plain = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address
  const tail =
    /^(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(plain) ??
    /^::([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(plain)
  if (tail === null) return undefined
  const [high, low] = [Number.parseInt(tail[1] ?? '0', 16), Number.parseInt(tail[2] ?? '0', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function blocks(...ranges: readonly (readonly string[])[]): BlockList {
  const list = new BlockList()
  for (const range of ranges.flat()) {
    const [address = '', bits = ''] = range.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
