-- wrk sends each request of a file once, for a signature counts once. Before
-- each stands its length as a line. An empty stock asks for what is not there,
-- which the bench takes for what it is.
--
--     wrk -s stock.lua URL -- FILE
--
-- LuaJIT looks at a dozen bytes of a long string to find its twin, and those of
-- all requests are the same: kept strings would be compared each with each. So
-- few are kept.

local keep = 64
local file
local count = 0

function init(args)
    file = assert(io.open(args[1], "rb"))
    file:setvbuf("full", 1048576)
end

function request()
    local len = file:read("*l")

    count = count + 1

    if count % keep == 0 then
        collectgarbage()
    end

    return len and file:read(tonumber(len))
        or "GET /stock-is-empty HTTP/1.1\r\nHost: x\r\n\r\n"
end
