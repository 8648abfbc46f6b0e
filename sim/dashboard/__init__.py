"""The what-if page: an office's rules on sliders, in the browser, for people who do not code.

`controls` lists what can be moved in a scenario, `draft` turns what a person set into a policy and its file,
`trials` simulates it pair by pair, `answer` puts the result into words and numbers, `briefing` makes the
one-page paper of it. `people` keeps everybody's files apart, `guard` lets in who has the token,
`questions` answers the page's script, `server` speaks HTTP to one machine only.

The page itself (``static``) holds no numbers and no rules: it shows what the server says, as text.
"""
