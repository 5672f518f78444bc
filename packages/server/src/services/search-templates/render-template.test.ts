import { expect, test } from 'vitest'
import { MAX_TEMPLATE_LENGTH, renderTemplate } from './render-template.ts'

const variables = { user: 'Eve', none: '', hosts: ['a', 'b'], deep: { name: 'x' } }

test.each([
  ['user:{{ user }}', 'user:Eve'],
  ['user:{{user|lower}} {{ user | upper }}', 'user:eve EVE'],
  ['{{ missing }}-{{ missing|default("nobody") }}', '-nobody'],
  ['host:({{ hosts|join(" OR ") }})', 'host:(a OR b)'],
  ['{{ deep.name }}{{ deep.nothing.at.all }}', 'x'],
  ['{% if user %}u:{{ user }}{% else %}*{% endif %}', 'u:Eve'],
  ['{% if none %}x{% elif user == "Eve" %}y{% endif %}', 'y'],
  ['{% if not none %}x{% endif %}{% if user != "Eve" %}y{% endif %}', 'x'],
  ['{% for host in hosts %}[{{ host }}]{% endfor %}', '[a][b]'],
  ['a{# said #}b', 'ab'],
  ['plain { braces } stay', 'plain { braces } stay'],
])('%s is %s', (template, expected) => {
  expect(renderTemplate(template, variables)).toBe(expected)
})

test.each([
  ['{{ user.__class__() }}', 'a name or a text was expected'],
  ['{{ user|attr("x") }}', 'unknown filter'],
  ['{% include "x" %}', 'unknown tag'],
  ['{% if user %}', 'endif is missing'],
  ['{% endif %}', 'unknown tag'],
  ['{% for x of y %}{% endfor %}', 'unknown tag'],
  ['x'.repeat(MAX_TEMPLATE_LENGTH + 1), 'at most'],
])('%s is refused', (template, reason) => {
  expect(() => renderTemplate(template, variables)).toThrow(reason)
})

test('what every object has is no variable', () => {
  expect(renderTemplate('{{ constructor }}{{ user.length }}', variables)).toBe('')
})

test('loops in loops end where the text has grown too long', () => {
  const hosts = Array.from({ length: 2000 }, () => 'x')
  const loops = '{% for a in hosts %}{% for b in hosts %}{% endfor %}{% endfor %}'
  expect(() => renderTemplate(loops, { hosts })).toThrow('grows beyond')
})
