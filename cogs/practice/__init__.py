"""The practice room (oefenlokaal): a loopback Discord with a school in it, and a runner of scenarios.

The road through this package, in the order in which the data flows:

    school/   the school file becomes facts (people, classes, channels)
    world/    the state of the make-believe Discord: members, channels, messages, interactions, the clock
    server/   that state behind real HTTP and WebSocket: REST, gateway, CDN, referee, faults, control channel
    stage/    what people do (acts), what they see (expect), the bot process, the scenario runner
    play.py   the same acts and sights for the web page
    agent.py  the only part that lives in the bot process: the other end of the control channel

Nothing here is imported by the bot's own road; it is installed by the extra ``klaswacht[practice]``.
"""
