// Number and bytes literals.
import type { Node } from './ast.ts';
import { MAX_INT, MAX_UINT, MIN_INT } from './integers.ts';
import { node } from './node.ts';
import { SyntaxProblem } from './syntax-problem.ts';
import type { Token } from './token.ts';
import { CelUint, type CelValue } from './values.ts';

function numberValue(token: Token, negative: boolean): CelValue {
  if (token.kind === 'double') return negative ? -Number(token.text) : Number(token.text);
  const magnitude = BigInt(token.text);
  if (token.kind === 'uint') {
    if (magnitude > MAX_UINT) throw new SyntaxProblem('unsigned integer out of range', token.offset);
    return new CelUint(magnitude);
  }
  const value = negative ? -magnitude : magnitude;
  if (value > MAX_INT || value < MIN_INT) throw new SyntaxProblem('integer out of range', token.offset);
  return value;
}

/**
 * @param offset where the literal starts, the sign included.
 * @throws SyntaxProblem when it does not fit 64 bits.
 */
export function numberLiteral(token: Token, offset: number, negative: boolean): Node {
  return node(offset, token.end, [], { kind: 'literal', value: numberValue(token, negative) });
}

export function bytesLiteral(token: Token): Node {
  return node(token.offset, token.end, [], { kind: 'literal', value: token.bytes ?? new Uint8Array() });
}
