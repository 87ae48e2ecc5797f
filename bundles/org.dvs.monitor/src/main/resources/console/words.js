// The words of the command line that does the same as a form: they are what is sent, and what can be copied.

/** @param values parameter name to text, true, or list of texts
 *  @param options [[word, value]] of what can be said with every request */
export function words(request, values, options) {
  const all = [...request.command];
  for (const [word, value] of options) {
    all.push(value === true ? `--${word}` : `--${word}=${value}`);
  }
  const operands = [];
  for (const parameter of request.parameters) {
    const value = values[parameter.name];
    if (value === undefined || value === '') {
      continue;
    }
    const texts = Array.isArray(value) ? value : [value];
    for (const text of texts) {
      if (parameter.operand) {
        operands.push(text);
      } else {
        all.push(text === true ? parameter.flag : text === false ? parameter.flag.replace('--', '--no-') : `${parameter.flag}=${text}`);
      }
    }
  }
  if (operands.some(text => text.startsWith('-'))) {
    all.push('--');
  }
  return all.concat(operands);
}

/** As a shell takes it. */
export function commandLine(list) {
  return ['dvs', ...list].map(word => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
