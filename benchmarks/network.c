/* The plain network by hand: people in pools, first come first served, everybody always there.

   The same rules and the same order of simultaneous events as sim/flow/definitions.py, as far as they are
   needed here: events by (time, class, request), the person who has been idle longest, then the lower number.
   A person serves one pool only and work is never 0 s. So requests join a line in the order in which they are
   served, and a pool's idle people are a ring in the order in which they became idle.
   Returns the number of segments of work, -1 if memory is short. */

#include <stdint.h>
#include <stdlib.h>

enum { FINISH = 1, ARRIVAL = 5 };

typedef struct {
    int64_t people;             /* where the pool's people begin in `staff`, its ring in `idle` */
    int64_t head, tail;         /* of its line in `waiting`, where each of its tasks has room */
    int32_t servers;
    int32_t first_idle, idlers; /* of its ring */
} Pool;

typedef struct {
    int32_t task, last_task, person;
} Request;

static inline int64_t event(int64_t time, int64_t kind, int64_t request)
{
    return (time << 31) | (kind << 28) | request;
}

static inline void push(int64_t *heap, int64_t *size, int64_t item)
{
    int64_t place = (*size)++;
    while (place > 0) {
        int64_t above = (place - 1) >> 1;
        if (heap[above] <= item) break;
        heap[place] = heap[above];
        place = above;
    }
    heap[place] = item;
}

static inline void pop(int64_t *heap, int64_t *size)
{
    int64_t left = --(*size), item = heap[left], place = 0, below = 1;
    while (below < left) {
        if (below + 1 < left && heap[below + 1] < heap[below]) below++;
        if (heap[below] >= item) break;
        heap[place] = heap[below];
        place = below;
        below = 2 * below + 1;
    }
    heap[place] = item;
}

int64_t run(
    int64_t requests, const int64_t *arrival_s, const int64_t *first_task,
    const int32_t *pool_of, const int64_t *work_s,
    int64_t pools, const int64_t *first_of_staff, const int32_t *staff, int64_t end_s,
    int64_t *ready_s, int64_t *start_s, int64_t *finished_s, /* by task */
    int64_t *first_start_s, int64_t *finish_s,               /* by request; all are -1 at the beginning */
    int64_t (*segments)[4])                                  /* task, person, start, end */
{
    int64_t people = first_of_staff[pools], tasks = first_task[requests];
    Pool *pool = calloc(pools, sizeof *pool);
    Request *request = malloc((requests + 1) * sizeof *request);
    int32_t *waiting = malloc((tasks + 1) * sizeof *waiting);
    int32_t *idle = malloc((people + 1) * sizeof *idle); /* positions in `staff` */
    int64_t *idle_since = calloc(people + 1, sizeof *idle_since);
    int64_t *heap = malloc((people + 1) * sizeof *heap); /* at most one event a person */
    int64_t events = 0, arrival = 0, noted = 0;
    if (!pool || !request || !waiting || !idle || !idle_since || !heap) { noted = -1; goto end; }

    for (int64_t task = 0; task < tasks; task++) pool[pool_of[task]].tail++;
    for (int64_t p = 0, room = 0; p < pools; p++) {
        int64_t seats = pool[p].tail;
        pool[p].people = first_of_staff[p];
        pool[p].servers = pool[p].idlers = (int32_t)(first_of_staff[p + 1] - first_of_staff[p]);
        for (int32_t n = 0; n < pool[p].servers; n++) idle[pool[p].people + n] = n;
        pool[p].head = pool[p].tail = room;
        room += seats;
    }
    for (int64_t r = 0; r < requests; r++)
        request[r] = (Request){(int32_t)first_task[r] - 1, (int32_t)first_task[r + 1] - 1, -1};

    for (;;) {
        int64_t next = events ? heap[0] : INT64_MAX;
        int arrives = arrival < requests && event(arrival_s[arrival], ARRIVAL, arrival) < next;
        if (arrives) next = event(arrival_s[arrival], ARRIVAL, arrival);
        int64_t now = next >> 31;
        if (next == INT64_MAX || now >= end_s) break;
        int64_t r = next & ((1 << 28) - 1);

        if (arrives) {
            arrival++;
        } else { /* work is finished: the person takes the next request, then the finished one moves on */
            pop(heap, &events);
            int32_t task = request[r].task, person = request[r].person;
            Pool *q = &pool[pool_of[task]];
            finished_s[task] = now;
            int64_t *segment = segments[noted++];
            segment[0] = task;
            segment[1] = staff[q->people + person];
            segment[2] = start_s[task];
            segment[3] = now;
            if (q->head < q->tail) {
                int32_t other = waiting[q->head++];
                int32_t begun = request[other].task;
                request[other].person = person;
                start_s[begun] = now;
                if (first_start_s[other] < 0) first_start_s[other] = now;
                push(heap, &events, event(now + work_s[begun], FINISH, other));
            } else { /* idle: of those who became so at the same moment the lower number goes first */
                int32_t *ring = idle + q->people;
                int64_t *since = idle_since + q->people;
                int32_t place = q->first_idle + q->idlers++;
                if (place >= q->servers) place -= q->servers;
                since[person] = now;
                for (int32_t ahead = q->idlers - 1; ahead > 0; ahead--) {
                    int32_t before = place ? place - 1 : q->servers - 1;
                    if (since[ring[before]] < now || ring[before] < person) break;
                    ring[place] = ring[before];
                    place = before;
                }
                ring[place] = person;
            }
        }

        if (request[r].task == request[r].last_task) {
            finish_s[r] = now;
            continue;
        }
        int32_t task = ++request[r].task;
        Pool *q = &pool[pool_of[task]];
        ready_s[task] = now;
        if (q->idlers) {
            int32_t person = idle[q->people + q->first_idle];
            if (++q->first_idle == q->servers) q->first_idle = 0;
            q->idlers--;
            request[r].person = person;
            start_s[task] = now;
            if (first_start_s[r] < 0) first_start_s[r] = now;
            push(heap, &events, event(now + work_s[task], FINISH, r));
        } else {
            waiting[q->tail++] = (int32_t)r;
        }
    }

end:
    free(pool); free(request); free(waiting); free(idle); free(idle_since); free(heap);
    return noted;
}
