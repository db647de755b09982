import { RealtimeGantt } from "@livegantt/react";
import { bindSvar, chartData, taskTypes, toWall } from "@livegantt/svar";
import { Gantt, Willow } from "@svar-ui/react-gantt";
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import "@svar-ui/react-gantt/all.css";
import "@livegantt/styles/styles.css";
import "@livegantt/styles/svar.css";
import "./page.css";

// The same project in the open chart. What it shows stands on the window.
const params = new URLSearchParams(location.search);

function Chart({ live }) {
  const [api, setApi] = useState(null);
  const data = useMemo(() => chartData(live), [live]);
  useEffect(() => {
    if (!api) return undefined;
    /** Dates of a row as the chart has them, on the plan's wall clock. */
    const dates = (id) => {
      const { start, end } = api.getTask(id);
      return `${toWall(start)}–${toWall(end ?? start)}`;
    };
    Object.assign(globalThis, { live, api, shown: () => Object.fromEntries([...live.state.tasks.keys()].map((id) => [id, dates(id)])) });
    return bindSvar(live, api);
  }, [live, api]);
  return (
    <Willow fonts={false}>
      <Gantt init={setApi} tasks={data.tasks} links={data.links} taskTypes={taskTypes} lengthUnit="hour" durationUnit="hour" />
    </Willow>
  );
}

createRoot(document.getElementById("root")).render(
  <RealtimeGantt projectId={params.get("project")} currentUser={{ name: params.get("user") ?? "Anonymous" }} chart={Chart} />,
);
