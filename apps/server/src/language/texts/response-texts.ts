// What is wrong with response rules and the CEL of their guards, in Chinese.
import { type Phrase, phrasesOf } from '@guardcell/kit';

const TYPES: Readonly<Record<string, string>> = {
  'a list': '列表',
  'a list of texts': '文本列表',
  'a mapping': '映射',
  'a number': '数字',
  'a string': '文本',
  'a boolean': '布尔值',
  'true or false': 'true 或 false',
  text: '文本',
  nothing: '空值',
  null: '空值',
  'the end': '结尾',
  'the filter': '条件',
  'a field name': '字段名',
  'an expression': '表达式',
  'an operator or the end': '运算符或结尾',
};
function type(words = ''): string {
  return (
    TYPES[words] ??
    words
      .replace(/^one of /, '以下之一：')
      .replace(/^the condition of (.*)$/, '$1 的条件')
      .replace(/^an operand of (.*)$/, '$1 的操作数')
  );
}

const CEL: readonly Phrase[] = [
  [/^(.+) is a (\w+), not a bool$/, (what, found) => `${type(what)}的类型是 ${found}，而不是布尔值`],
  ...phrasesOf({
    "unknown variable '{0}'": '未知的变量“{0}”',
    "unknown field '{0}'": '未知的字段“{0}”',
    "a {0} has no field '{1}'": '{0} 没有字段“{1}”',
    '{0} is a macro and is used wrongly here': '{0} 是宏，此处用法有误',
    "unknown function '{0}'": '未知的函数“{0}”',
    "operator '{0}' does not take {1}": '运算符“{0}”不接受 {1}',
    '{0} does not take {1}': '{0} 不接受 {1}',
    '{0}() needs a list or a map, not a {1}': '{0}() 需要列表或映射，而不是 {1}',
    'expression longer than {0} characters': '表达式超过 {0} 个字符',
    'the expression gives a {0}, not a {1}': '表达式的结果是 {0}，而不是 {1}',
    'expected a bool, found a {0}': '应为布尔值，而不是 {0}',
    "malformed number '{0}'": '数字“{0}”的写法有误',
    "unexpected character '{0}'": '意外的字符“{0}”',
    'unsigned integer out of range': '无符号整数超出范围',
    'integer out of range': '整数超出范围',
    'has() needs a field selection': 'has() 需要选取字段',
    '{0}() needs a variable name first': '{0}() 的第一个参数必须是变量名',
    'expression nested too deeply': '表达式嵌套过深',
    'optional selection is not supported': '不支持可选的字段选取',
    'messages cannot be built here': '此处不能构造消息',
    "'{0}' is a reserved word": '“{0}”是保留字',
    'regular expression too long': '正则表达式过长',
    'invalid regular expression: {0}': '无效的正则表达式：{0}',
    "unknown escape '\\{0}'": '未知的转义“\\{0}”',
    '\\u and \\U are not allowed in bytes': '字节串中不能使用 \\u 和 \\U',
    'escape is not a Unicode code point': '转义不是 Unicode 码位',
    'string does not end': '文本没有结束',
    'the guard did not give a bool': '条件的结果不是布尔值',
    'the guard does not compile': '条件无法编译',
  }),
];

export const RESPONSE_MESSAGES: readonly Phrase[] = [
  // The place within the rule, or a part of it.
  [/^([\w.[\]]+): (.+)$/s, (place = '', message = '') => `${place}：${responseMessage(message)}`],
  ...phrasesOf({
    'not an http or https address': '不是 http 或 https 地址',
    'a user name or password must not be in the address': '地址中不得包含用户名或密码',
    'not an absolute path': '不是绝对路径',
    'unknown key': '未知的键',
    "'{0}' is missing": '缺少“{0}”',
    'longer than {0} characters': '超过 {0} 个字符',
    'must be a whole number from {0} to {1}': '必须是 {0} 到 {1} 之间的整数',
    "unknown value '{0}'": '未知的取值“{0}”',
    'more than {0} items': '超过 {0} 项',
    'not a time span': '不是时长',
    'must be whole seconds, at most 24h': '必须是整秒，最长 24h',
    'must be guardcell.dev/v1': '必须是 guardcell.dev/v1',
    'must be ResponseRule': '必须是 ResponseRule',
    "'{0}' is defined already in {1}": '“{0}”已在 {1} 中定义',
    'the file is larger than 1 MiB': '文件超过 1 MiB',
    'more than {0} documents': '超过 {0} 个文档',
    'malformed YAML': 'YAML 的格式有误',
    'expected a list of actions': '应为动作列表',
    'needs 1 to {0} actions': '需要 1 到 {0} 个动作',
    'not a valid name': '名称无效',
    'must not be empty': '不得为空',
    'a rule of this name made in the console is not used, because the file has one':
      '文件中有同名规则，因此不使用在控制台创建的那一条',
  }),
  [/^expected (.*), found (.*)$/s, (wanted, found) => `应为${type(wanted)}，而不是${type(found)}`],
  ...CEL,
];

function responseMessage(text: string): string {
  for (const [read, write] of RESPONSE_MESSAGES) {
    const match = read.exec(text);
    if (match !== null) return write(...match.slice(1));
  }
  return text;
}

export const RESPONSE_HINTS: readonly Phrase[] = phrasesOf({
  'Write it like https://hooks.example.com/guardcell.': '写法如 https://hooks.example.com/guardcell。',
  'Use `secretFile`: requests are then signed.': '请使用 `secretFile`，请求会带有签名。',
  'Say where to send it: `with: { url: https://… }`.': '请写明发送到哪里：`with: { url: https://… }`。',
  'Known: {0}.': '可用：{0}。',
  'Did you mean "{0}"?': '是否指“{0}”？',
  "Did you mean '{0}'?": '是否指“{0}”？',
  'Write a number and a unit: 30s, 5m, 2h.': '请写数字和单位：30s、5m、2h。',
  'Write `{0}`.': '请写 `{0}`。',
  'Check indentation, quotes and brackets.': '请检查缩进、引号和括号。',
  'Write it without aliases (`*name`).': '请不要使用别名（`*name`）。',
  'Give each response rule its own name.': '请给每条响应规则使用不同的名称。',
  'Split it into several files.': '请拆分为多个文件。',
  'Say what to do: `actions: [{ do: notify, with: { url: … } }]`.':
    '请写明要做什么：`actions: [{ do: notify, with: { url: … } }]`。',
  'Use lower-case letters, digits and dashes: pause-on-shell.':
    '请使用小写字母、数字和连字符：pause-on-shell。',
  'Rename the rule in the file, or delete the other one after removing it from the file.':
    '请给文件中的规则改名；或从文件中移除它，再删除另一条。',
  'There are no variables here.': '此处没有变量。',
  'Convert one side with `int()`, `uint()` or `double()`.':
    '请用 `int()`、`uint()` 或 `double()` 转换其中一侧。',
  'Patterns are in RE2 syntax.': '模式使用 RE2 语法。',
  'Compare with `==`.': '请用 `==` 比较。',
  'Combine conditions with `&&`.': '请用 `&&` 组合条件。',
  'Combine conditions with `||`.': '请用 `||` 组合条件。',
  'Test with `has(…)` first.': '请先用 `has(…)` 检查。',
  'Use a map: `{"key": value}`.': '请使用映射：`{"key": value}`。',
  'Write `\\\\` for a backslash.': '反斜杠请写作 `\\\\`。',
  'Close it with {0}.': '请以 {0} 结束。',
});
